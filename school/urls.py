"""All addresses. The apps' own stand below the school's slug; they are named here by string only."""

from django.conf import settings
from django.urls import include, path
from django.views.generic.base import RedirectView

from . import views
from .admin import site

urlpatterns = [
    path("", views.home, name="home"),
    path("over/", views.about, name="about"),
    path("account/signup/", RedirectView.as_view(pattern_name="account_login")),
    path("account/", include("allauth.account.urls")),
    path("beheer/", site.urls),
    path("<slug:school>/", views.today, name="today"),
    path("<slug:school>/", include("buddies.urls")),
]
if settings.DEMO:
    urlpatterns.insert(0, path("demo/", include("school.demo")))
