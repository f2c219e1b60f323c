"""Addresses of the meetings app, below the school's slug."""

from django.urls import path

from .views import afterwards, meeting, planning, sharing

app_name = "meetings"
urlpatterns = [
    path("gesprekken/", planning.meetings, name="meetings"),
    path("gesprekken/nieuw/", planning.plan, name="plan"),
    path("gesprekken/<key:pk>/wijzigen/", planning.change, name="change"),
    path("gesprekken/<key:pk>/afgelast/", planning.cancel, name="cancel"),
    path("gesprekken/<key:pk>/voor/", meeting.before, name="before"),
    path("gesprekken/<key:pk>/tijdens/", meeting.during, name="during"),
    path("gesprekken/<key:pk>/na/", afterwards.after, name="after"),
    path("gesprekken/<key:pk>/print/", meeting.print_page, name="print"),
    path("gesprekken/<key:pk>/delen/", sharing.share, name="share"),
    path("gesprekken/<key:pk>/vinkje/", meeting.tick, name="tick"),
    path("gesprekken/<key:pk>/vraag/", meeting.ask, name="add_question"),
    path("gesprekken/<key:pk>/vraag/<key:question>/weg/", meeting.drop_question, name="drop_question"),
    path("gesprekken/<key:pk>/anders/", meeting.turned_out, name="turned_out"),
    path("gesprekken/<key:pk>/toezegging/", afterwards.promise, name="promise"),
    path("gesprekken/toezegging/<key:pk>/gedaan/", afterwards.kept, name="kept"),
]
