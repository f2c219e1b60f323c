"""Logboek: who did what, for those who answer for it."""

from __future__ import annotations

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .. import audit, clock
from ..access import SchoolRequest, allow
from ..converters import key_of
from ..forms.log import LogForm
from ..log import Record, Target
from ..reading import log
from ..roles import Permission


@require_safe
@allow(Permission.AUDIT, Permission.AUDIT_ADMINISTRATION)
def log_page(request: SchoolRequest) -> HttpResponse:
    """The newest events, or those that were asked for. Reading the log is in the log itself."""
    member, on = request.membership, clock.today()
    people = log.colleagues(member)
    form = LogForm(request.GET, people=people, kinds=log.kinds_for(member))
    wanted = form.wanted() if form.is_valid() else log.Wanted()
    about = _about(request, wanted.about)
    found = log.matching(log.seen_by(member, on), wanted, people)
    context = {
        "form": form,
        "about": about,
        "searched": wanted != log.Wanted(),
        "page": log.page(found, member, on, people, before=key_of(request.GET.get("na"))),
        "query": _without(request.GET, "na"),
        "query_without_about": _without(request.GET, "na", "over"),
    }
    audit.record("log.search" if context["searched"] else "log.look", by=member)
    return render(request, "school/settings/log.html", context)


def _about(request: SchoolRequest, target: Target | None) -> Record | None:
    """What the events are to be about. Raises Http404 unless this member may open it: that something is written about
    it would say something already."""
    if target is None:
        return None
    record = log.may_open([target], request.membership, clock.today()).get(target)
    if record is None:
        raise Http404
    return record


def _without(query: QueryDict, *names: str) -> str:
    """`query` as it stands in an address, without `names` and what is empty."""
    kept = QueryDict(mutable=True)
    for name in query:
        if name not in names and (value := str(query[name])):
            kept[name] = value
    return kept.urlencode()
