"""The lists Signalen and Koppelingen: by what is to be done, one step a row, a page at a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from django.core.paginator import Page
from django.db.models import F
from django.template.defaultfilters import date as day_words
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from school import paging
from school.models import Membership
from school.rows import Part, Row

from ..models import CloseReason, Match, Signal, SupportRequest, own_themes, themes_waiting_on
from ..naming import child_title, group_name, request_title
from .progress import CLOSED, STANDS, STATES, TURNS, Step, Turn, day, ending, next_step, step_of, upper_first
from .sentences import listed

# What titles and rows read of a request, and of the parent, child and group it is about.
_ABOUT = (
    "parent__first_name",
    "parent__last_name",
    "parent__kind",
    "parent__search_key",
    "child__first_name",
    "child__group__name",
    "group__name",
    "child_name",
    "theme",
)
_RELATED = ("parent", "child__group", "group")
_NAME = ("buddy_parent__first_name", "buddy_parent__last_name")


@dataclass(frozen=True)
class Listed:
    """A page of a list, by heading; `counts` says of each state how many open requests there are in all."""

    parts: list[Part]
    pages: Page[Any]
    counts: Sequence[tuple[str, str | Promise, int]] = ()


def _parts(found: Iterable[tuple[str, Row]], headings: Mapping[str, str | Promise]) -> list[Part]:
    """The rows that stand together under one heading, in their order."""
    return [
        Part(key, headings[key], tuple(row for _key, row in rows))
        for key, rows in groupby(found, key=lambda each: each[0])
    ]


# Signalen


def request_list(membership: Membership, on: date, only: str = "", page: str | None = None) -> Listed:
    """The open requests this member may see, by state; `only` one state, which may be "closed"."""
    visible = SupportRequest.objects.visible_to(membership, on)
    open_ones = visible.open().with_state().order_by("signalled_at", "pk")
    standing = list(open_ones.values_list("pk", F("state")))
    number = Counter(state for _pk, state in standing)
    if only == CLOSED:
        closed = visible.exclude(closed_at=None).order_by("-closed_at", "-pk")
        chosen = [(pk, CLOSED) for pk in closed.values_list("pk", flat=True)]
    else:
        order = list(STATES)
        chosen = [each for each in standing if only in ("", each[1])]
        chosen.sort(key=lambda each: order.index(each[1]))
    pages = paging.page(chosen, page)
    return Listed(
        _parts(_request_rows(dict(pages), membership, on), {**STATES, CLOSED: gettext_lazy("Closed")}),
        pages,
        [(state, heading, number[state]) for state, heading in STATES.items() if state in number],
    )


def _request_rows(chosen: Mapping[int, str], membership: Membership, on: date) -> list[tuple[str, Row]]:
    """The rows of the requests with the numbers in `chosen`, each with its state, which `chosen` says."""
    about = (*_ABOUT, "signalled_at", "parked_until", "forget_on", "close_reason")
    requests = paging.read(SupportRequest.objects.select_related(*_RELATED).only(*about), list(chosen))
    live = {
        match.request_id: match
        for match in Match.objects.live()
        .filter(request__in=requests)
        .with_next_call()
        .select_related("buddy_parent")
        .only("request", *STANDS, *_NAME)
    }
    signals, themes = _signalled_by(requests), {theme.pk: str(theme) for theme in own_themes(membership)}
    found: list[tuple[str, Row]] = []
    for request in requests:
        state, match = chosen[request.pk], live.get(request.pk)
        theme = themes.get(request.theme_id or 0, "")
        row = _request_row(request, state, theme, match, signals[request.pk], membership.school.slug, on)
        found.append((state, row if found else replace(row, primary=bool(row.action))))
    return found


def _signalled_by(requests: Iterable[SupportRequest]) -> Mapping[int, list[str]]:
    """By number of the request, who signalled it: every colleague once, the first first."""
    rows = (
        Signal.objects.filter(request__in=requests).order_by("at", "pk").select_related("recorded_by__user")
    )
    found: dict[int, list[str]] = defaultdict(list)
    for signal in rows.only("request", "recorded_by__user__name", "recorded_by__user__email"):
        if (name := str(signal.recorded_by)) not in found[signal.request_id]:
            found[signal.request_id].append(name)
    return found


def _request_row(
    request: SupportRequest,
    state: str,
    theme: str,
    match: Match | None,
    signalled_by: Sequence[str],
    slug: str,
    on: date,
) -> Row:
    text, action, target, pk = _request_step(request, state, theme, match, on)
    words = {"colleague": listed(signalled_by), "day": day_words(localdate(request.signalled_at), "j F")}
    parts = [_whom(request), _("signalled by %(colleague)s on %(day)s") % words]
    return Row(
        title=upper_first(request_title(request)),
        url=reverse("buddies:request", args=[slug, request.pk]),
        text=upper_first(text),
        meta=" · ".join(part for part in parts if part),
        action=action,
        action_url=reverse(target, args=[slug, pk]) if target else "",
    )


def _whom(request: SupportRequest) -> str:
    """The child and its group; only the group where the title names the child already."""
    if request.parent.search_key:
        return child_title(request)
    group = group_name(request)
    return _("group %(group)s") % {"group": group} if group else ""


def _request_step(
    request: SupportRequest, state: str, theme: str, match: Match | None, on: date
) -> tuple[str, str, str, int]:
    """Where `request` stands, what to do, and the page for it (a URL name and number)."""
    theme = theme or _("Not known yet what about")
    match state:
        case "closed":
            return f"{CloseReason(request.close_reason).label}.", "", "", 0
        case "undiscussed":
            kept = _("Kept until %(day)s.") % {"day": day(request.forget_on or on)}
            return kept, _("Discussed?"), "buddies:request_discussed", request.pk
        case "matching" | "connected" if match is not None:
            step = next_step(match, on)
            return f"{theme}. {step.text}", str(step.action), "buddies:match", match.pk
        case "new" | "searching" if request.is_parked(on):
            put_off = _("Put off until %(day)s.") % {"day": day(request.parked_until or on)}
            return f"{theme}. {put_off}", _("Find a buddy"), "buddies:find", request.pk
        case "new":
            return theme, _("Look at it"), "buddies:request", request.pk
        case "searching" if request.theme_id is None:
            return theme, _("Choose the theme"), "buddies:choose_theme", request.pk
        case "searching":
            return theme, _("Find a buddy"), "buddies:find", request.pk
        case _:
            return theme, _("Look at it"), "buddies:request", request.pk


# Koppelingen


def match_list(membership: Membership, on: date, page: str | None = None) -> Listed:
    """The live matches this member may see, by whose turn it is, longest waiting first."""
    live = Match.objects.visible_to(membership, on).live().with_next_call().order_by("changed_at", "pk")
    # Who may see a theme does not always arrange it (R6, R7).
    arranged = {None, *(theme.pk for theme in themes_waiting_on(membership, on))}
    steps = {
        match.pk: step_of(match, on, mine=match.theme_id in arranged)
        for match in live.values_list("pk", "theme_id", *STANDS, "next_call", named=True)
    }
    pages = paging.page(sorted(steps, key=lambda pk: steps[pk].turn), page)
    found = [
        (steps[match.pk].turn, _match_row(match, steps[match.pk], membership)) for match in _told(list(pages))
    ]
    if found and found[0][0] is Turn.MINE:
        found[0] = Turn.MINE, replace(found[0][1], primary=True)
    headings = {turn.name.lower(): heading for turn, heading in TURNS.items()}
    return Listed(_parts(((turn.name.lower(), row) for turn, row in found), headings), pages)


def ended_list(membership: Membership, on: date, page: str | None = None) -> Listed:
    """The matches that ended, the last one first."""
    ended = Match.objects.visible_to(membership, on).exclude(ended_at=None).order_by("-ended_at", "-pk")
    pages = paging.page(list(ended.values_list("pk", flat=True)), page)
    rows = [("ended", _match_row(match, None, membership)) for match in _told(list(pages))]
    return Listed(_parts(rows, {"ended": gettext_lazy("Ended")}), pages)


def _told(numbers: Sequence[int]) -> list[Match]:
    """The matches with these numbers, in their order, with what their rows read."""
    about = [f"request__{name}" for name in _ABOUT]
    rows = Match.objects.select_related("buddy_parent", *(f"request__{name}" for name in _RELATED))
    return paging.read(rows.only(*about, *_NAME, "outcome", "end_reason"), numbers)


def _match_row(match: Match, step: Step | None, membership: Membership) -> Row:
    """A match with its next step, or how it ended."""
    url = reverse("buddies:match", args=[membership.school.slug, match.pk])
    request, themes = match.request, {theme.pk: str(theme) for theme in own_themes(membership)}
    meta = [upper_first(themes.get(request.theme_id or 0, "")), _whom(request)]
    action = str(step.action) if step else ""
    return Row(
        title=upper_first(request_title(request)),
        url="" if action else url,
        text=step.about(match.buddy_parent) if step else ending(match),
        meta=" · ".join(part for part in meta if part),
        action=action,
        action_url=url if action else "",
    )
