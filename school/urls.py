"""All addresses. The apps' own stand below the school's slug; they are named here by string only."""

from django.conf import settings
from django.urls import include, path

from . import views
from .admin import site

urlpatterns = [
    path("", views.home, name="home"),
    path("over/", views.about, name="about"),
    path("account/", include("school.account_urls")),
    path("beheer/", site.urls),
    path("<slug:school>/", views.today, name="today"),
    path("<slug:school>/", include("buddies.urls")),
    path("<slug:school>/", include("meetings.urls")),
]
if settings.DEMO:
    urlpatterns.insert(0, path("demo/", include("school.demo")))
