"""The personal link: made by a coordinator, answered by a parent or buddy without an account."""


from django.http import HttpResponse

from school.access import SchoolRequest, allow


@allow()
def make(request: SchoolRequest, pk: int) -> HttpResponse:
    return HttpResponse()
