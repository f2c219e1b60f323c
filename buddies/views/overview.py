"""Overzicht: how the school year goes, in numbers without names."""


from django.http import HttpResponse

from school.access import SchoolRequest, allow


@allow()
def overview(request: SchoolRequest) -> HttpResponse:
    return HttpResponse()
