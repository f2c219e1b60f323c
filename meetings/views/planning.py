"""Which meetings there are, and planning one."""

from django.http import HttpResponse

from school.access import SchoolRequest, allow


@allow()
def meetings(request: SchoolRequest) -> HttpResponse:
    return HttpResponse()


@allow()
def plan(request: SchoolRequest) -> HttpResponse:
    return HttpResponse()


@allow()
def change(request: SchoolRequest, pk: int) -> HttpResponse:
    return HttpResponse()


@allow()
def cancel(request: SchoolRequest, pk: int) -> HttpResponse:
    return HttpResponse()
