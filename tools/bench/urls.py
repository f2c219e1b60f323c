"""All addresses, and one whose view does nothing."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from school import urls
from school.access import allow


@allow()
def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path("<slug:school>/leeg/", empty), *urls.urlpatterns]
