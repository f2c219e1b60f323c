"""All addresses. The apps' own stand below the school's slug; they are named here by string only."""

from django.conf import settings
from django.urls import include, path

from .admin import site
from .views.site import about, home, today

urlpatterns = [
    path("", home, name="home"),
    path("over/", about, name="about"),
    path("account/", include("school.account_urls")),
    path("beheer/", site.urls),
    path("o/", include("buddies.links.urls")),
    path("<slug:school>/", today, name="today"),
    path("<slug:school>/", include("buddies.urls")),
    path("<slug:school>/", include("meetings.urls")),
    path("<slug:school>/instellingen/", include("school.settings_urls")),
]
if settings.DEMO:
    urlpatterns.insert(0, path("demo/", include("school.demo")))
