"""New families: who starts when, and the buddy they are offered (R12)."""


from django.http import HttpResponse

from school.access import SchoolRequest, allow


@allow()
def cohort(request: SchoolRequest) -> HttpResponse:
    return HttpResponse()


@allow()
def add(request: SchoolRequest) -> HttpResponse:
    return HttpResponse()


@allow()
def offer(request: SchoolRequest, pk: int) -> HttpResponse:
    return HttpResponse()


@allow()
def answer(request: SchoolRequest, pk: int) -> HttpResponse:
    return HttpResponse()


@allow()
def take_back(request: SchoolRequest, pk: int) -> HttpResponse:
    return HttpResponse()
