"""On paper: a meeting as PDF, and what hangs or lies in the staff room, without anybody in it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from school import audit
from school.access import SchoolRequest, allow
from school.roles import Permission

from ..documents import Template, pdf
from ..reading.sheets import Data, guide_of, sheet_of, slips_of
from .one_meeting import opened


@require_safe
@allow(Permission.MEETINGS)
def pdf_of(request: SchoolRequest, pk: int) -> HttpResponse:
    """One meeting on one sheet."""
    meeting = opened(request, pk)
    audit.record("meeting.print", meeting, by=request.membership)
    return _file(Template.SHEET, sheet_of(meeting), "gesprek")


@require_safe
@allow(Permission.MEETINGS)
def guide(request: SchoolRequest) -> HttpResponse:
    """The whole list, to print."""
    return render(request, "meetings/paper/guide.html", guide_of(request.school))


@require_safe
@allow(Permission.MEETINGS)
def guide_pdf(request: SchoolRequest) -> HttpResponse:
    """The whole list, as a file."""
    return _file(Template.SHEET, guide_of(request.school), "handreiking")


@require_safe
@allow(Permission.MEETINGS)
def slips(request: SchoolRequest) -> HttpResponse:
    """Slips to cut apart, to print."""
    return render(request, "meetings/paper/slips.html", slips_of(request.school))


@require_safe
@allow(Permission.MEETINGS)
def slips_pdf(request: SchoolRequest) -> HttpResponse:
    """Slips to cut apart, as a file."""
    return _file(Template.SLIPS, slips_of(request.school), "briefjes")


def _file(template: Template, data: Data, name: str) -> HttpResponse:
    """A PDF to keep, with a name that says nothing about anybody."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return HttpResponse(pdf(template, data), content_type="application/pdf", headers=disposition)
