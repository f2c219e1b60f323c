"""One meeting: before it, during it, and on paper."""

from django.http import HttpResponse

from school.access import SchoolRequest, allow


@allow()
def before(request: SchoolRequest, pk: int) -> HttpResponse:
    return HttpResponse()


@allow()
def during(request: SchoolRequest, pk: int) -> HttpResponse:
    return HttpResponse()


@allow()
def print_page(request: SchoolRequest, pk: int) -> HttpResponse:
    return HttpResponse()


@allow()
def tick(request: SchoolRequest, pk: int) -> HttpResponse:
    return HttpResponse()


@allow()
def ask(request: SchoolRequest, pk: int) -> HttpResponse:
    return HttpResponse()


@allow()
def drop_question(request: SchoolRequest, pk: int, question: int) -> HttpResponse:
    return HttpResponse()


@allow()
def turned_out(request: SchoolRequest, pk: int) -> HttpResponse:
    return HttpResponse()
