"""Addresses of Instellingen, below the school's slug."""

from django.urls import path

from .views import groups, leaving, log, settings, team

urlpatterns = [
    path("", settings.index, name="settings"),
    path("team/", team.team, name="team"),
    path("team/nieuw/", team.add_colleague, name="add_colleague"),
    path("team/<key:pk>/", team.colleague, name="colleague"),
    path("team/<key:pk>/rollen/", team.roles, name="colleague_roles"),
    path("team/<key:pk>/groepen/", team.colleague_groups, name="colleague_groups"),
    path("team/<key:pk>/dagen/", leaving.days, name="colleague_days"),
    path("team/<key:pk>/eerder/", leaving.earlier, name="colleague_earlier"),
    path("team/<key:pk>/kind/", team.add_child, name="add_colleague_child"),
    path("team/<key:pk>/kind/<key:child>/weg/", team.remove_child, name="remove_colleague_child"),
    path("groepen/", groups.groups, name="groups"),
    path("groepen/nieuw/", groups.add_group, name="add_group"),
    path("groepen/<key:pk>/", groups.group, name="group"),
    path("groepen/<key:pk>/weg/", groups.remove_group, name="remove_group"),
    path("logboek/", log.log_page, name="log"),
    path("school/", settings.school_settings, name="school_settings"),
    path("vakanties/nieuw/", settings.add_holiday, name="add_holiday"),
    path("vakanties/<key:pk>/", settings.holiday, name="holiday"),
    path("vakanties/<key:pk>/weg/", settings.remove_holiday, name="remove_holiday"),
]
