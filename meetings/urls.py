"""Addresses of the meetings app, below the school's slug."""

from django.urls import path

from .views import afterwards, agreements, appointment, meeting, paper, planning, sharing

app_name = "meetings"
urlpatterns = [
    path("gesprekken/", planning.meetings, name="meetings"),
    path("gesprekken/nieuw/", planning.plan, name="plan"),
    path("gesprekken/handreiking/", paper.guide, name="guide"),
    path("gesprekken/handreiking.pdf", paper.guide_pdf, name="guide_pdf"),
    path("gesprekken/briefjes/", paper.slips, name="slips"),
    path("gesprekken/briefjes.pdf", paper.slips_pdf, name="slips_pdf"),
    path("gesprekken/<key:pk>/wijzigen/", planning.change, name="change"),
    path("gesprekken/<key:pk>/afgelast/", planning.cancel, name="cancel"),
    path("gesprekken/<key:pk>/voor/", meeting.before, name="before"),
    path("gesprekken/<key:pk>/tijdens/", meeting.during, name="during"),
    path("gesprekken/<key:pk>/na/", afterwards.after, name="after"),
    path("gesprekken/<key:pk>/agenda/", appointment.calendar, name="calendar"),
    path("gesprekken/<key:pk>/uitnodiging/", appointment.invitation, name="invitation"),
    path("gesprekken/<key:pk>/print/", meeting.print_page, name="print"),
    path("gesprekken/<key:pk>/gesprek.pdf", paper.pdf_of, name="pdf"),
    path("gesprekken/<key:pk>/delen/", sharing.share, name="share"),
    path("gesprekken/<key:pk>/vinkje/", meeting.tick, name="tick"),
    path("gesprekken/<key:pk>/vraag/", meeting.ask, name="add_question"),
    path("gesprekken/<key:pk>/vraag/<key:question>/weg/", meeting.drop_question, name="drop_question"),
    path("gesprekken/<key:pk>/anders/", meeting.turned_out, name="turned_out"),
    path("gesprekken/<key:pk>/toezegging/", afterwards.promise, name="promise"),
    path("gesprekken/toezegging/<key:pk>/gedaan/", afterwards.kept, name="kept"),
    path("instellingen/gesprekken/", agreements.agreements, name="agreements"),
    path("instellingen/gesprekken/punten/nieuw/", agreements.add_point, name="add_point"),
    path("instellingen/gesprekken/punten/verbergen/", agreements.hide_point, name="hide_point"),
    path("instellingen/gesprekken/punten/<key:pk>/", agreements.point, name="point"),
    path("instellingen/gesprekken/punten/<key:pk>/plaats/", agreements.move_point, name="move_point"),
    path("instellingen/gesprekken/punten/<key:pk>/weg/", agreements.remove_point, name="remove_point"),
]
