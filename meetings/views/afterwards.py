"""After a meeting: looking back together, and what was promised."""

from django.http import HttpResponse

from school.access import SchoolRequest, allow


@allow()
def after(request: SchoolRequest, pk: int) -> HttpResponse:
    return HttpResponse()


@allow()
def promise(request: SchoolRequest, pk: int) -> HttpResponse:
    return HttpResponse()


@allow()
def kept(request: SchoolRequest, pk: int) -> HttpResponse:
    return HttpResponse()
