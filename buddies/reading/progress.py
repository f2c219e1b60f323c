"""How far requests and matches are, in words, and the one next step of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from django.db.models import Prefetch
from django.template.defaultfilters import date as day_words
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from school.models import Membership

from ..models import CloseReason, Match, Signal, SupportRequest, TipGiver, themes_waiting_on
from ..models.matches import MatchQuerySet
from ..models.requests import SupportRequestQuerySet
from ..naming import child_title, request_title
from ..workflow import MatchStatus
from .sentences import listed

# After this many days without an answer somebody calls: silence is "call them", never "no".
PATIENCE = timedelta(days=7)
LONGEST = 200
# Open states of a request in the order of the work list, with the heading above each.
STATES: Mapping[str, str | Promise] = {
    "new": gettext_lazy("New"),
    "searching": gettext_lazy("Searching"),
    "matching": gettext_lazy("Being asked"),
    "connected": gettext_lazy("Connected"),
    "referred": gettext_lazy("Referred"),
    "undiscussed": gettext_lazy("Not discussed with the parent yet"),
}
CLOSED = "closed"
# In these somebody is looked for.
SOUGHT = ("new", "searching")


def day(when: date) -> str:
    """A day as people write it: "3 november 2026"."""
    return day_words(when, "j F Y")


def upper_first(words: str) -> str:
    """`words` as they begin a line."""
    return words[:1].upper() + words[1:]


def lower_first(words: str) -> str:
    """`words` as they stand inside a sentence."""
    return words[:1].lower() + words[1:]


@dataclass(frozen=True)
class Row:
    """One row of a work list: who, where things stand, and the one next step."""

    title: str
    url: str
    text: str
    meta: str
    action: str = ""
    action_url: str = ""


@dataclass(frozen=True)
class Part:
    """Rows under one heading."""

    key: str
    heading: str | Promise
    rows: tuple[Row, ...]


# Requests


def request_parts(membership: Membership, on: date, only: str = "") -> list[Part]:
    """The open requests this member may see, by state; `only` one state, which may be "closed"."""
    visible = SupportRequest.objects.visible_to(membership, on).with_state()
    if only == CLOSED:
        rows = _told(visible.exclude(closed_at=None)).order_by("-closed_at", "-pk")[:LONGEST]
        states: Mapping[str, str | Promise] = {CLOSED: gettext_lazy("Closed")}
    else:
        rows, states = _told(visible.open()).order_by("signalled_at", "pk"), STATES
    slug = membership.school.slug
    by_state: dict[str, list[Row]] = {state: [] for state in states}
    for request in rows:
        by_state[request.state].append(_request_row(request, slug, on))  # type: ignore[attr-defined]  # with_state
    return [
        Part(state, states[state], tuple(found))
        for state, found in by_state.items()
        if found and only in ("", CLOSED, state)
    ]


def request_counts(membership: Membership, on: date) -> list[tuple[str, str | Promise, int]]:
    """How many open requests there are in each state that has any: state, heading, number."""
    visible = SupportRequest.objects.visible_to(membership, on).open().with_state()
    found = [request.state for request in visible.only("pk")]  # type: ignore[attr-defined]  # with_state
    return [(state, heading, found.count(state)) for state, heading in STATES.items() if state in found]


def _told(requests: SupportRequestQuerySet) -> SupportRequestQuerySet:
    return requests.select_related("parent", "child__group", "group", "theme").prefetch_related(
        Prefetch("match_set", Match.objects.live().select_related("buddy_parent"), to_attr="live"),
        Prefetch("signal_set", Signal.objects.select_related("recorded_by__user").order_by("at")),
    )


def signalled_by(request: SupportRequest) -> str:
    """Who signalled `request`, every colleague once."""
    names = dict.fromkeys(str(signal.recorded_by) for signal in request.signal_set.all())
    return listed(list(names))


def _request_row(request: SupportRequest, slug: str, on: date) -> Row:
    text, action, target, pk = _request_step(request, on)
    parts = [child_title(request) if request.parent.search_key else _group(request)]
    parts.append(
        _("signalled by %(colleague)s on %(day)s")
        % {"colleague": signalled_by(request), "day": day_words(localdate(request.signalled_at), "j F")}
    )
    return Row(
        title=upper_first(request_title(request)),
        url=reverse("buddies:request", args=[slug, request.pk]),
        text=upper_first(text),
        meta=" · ".join(part for part in parts if part),
        action=action,
        action_url=reverse(target, args=[slug, pk]) if target else "",
    )


def _group(request: SupportRequest) -> str:
    group = request.child.group if request.child else request.group
    return _("group %(group)s") % {"group": group} if group else ""


def _request_step(request: SupportRequest, on: date) -> tuple[str, str, str, int]:
    """Where `request` stands, what to do, and the page for it (a URL name and number)."""
    theme = str(request.theme) if request.theme else _("Not known yet what about")
    live: list[Match] = request.live  # type: ignore[attr-defined]  # prefetched by _told
    match request.state:  # type: ignore[attr-defined]  # annotated by with_state
        case "closed":
            return f"{CloseReason(request.close_reason).label}.", "", "", 0
        case "undiscussed":
            kept = _("Kept until %(day)s.") % {"day": day(request.forget_on or on)}
            return kept, _("Discussed?"), "buddies:request_discussed", request.pk
        case "matching" | "connected" if live:
            step = next_step(live[0], on)
            return f"{theme}. {step.text}", step.action, "buddies:match", live[0].pk
        case "new" | "searching" if request.parked_until and request.parked_until > on:
            put_off = _("Put off until %(day)s.") % {"day": day(request.parked_until)}
            return f"{theme}. {put_off}", _("Find a buddy"), "buddies:find", request.pk
        case "new":
            return theme, _("Look at it"), "buddies:request", request.pk
        case "searching" if request.theme is None:
            return theme, _("Choose the theme"), "buddies:choose_theme", request.pk
        case "searching":
            return theme, _("Find a buddy"), "buddies:find", request.pk
        case _:
            return theme, _("Look at it"), "buddies:request", request.pk


# Matches


class Turn(IntEnum):
    """Whose move it is in a match."""

    MINE = 0
    COLLEAGUE = 1
    THEIRS = 2
    NOBODY = 3


TURNS: Mapping[Turn, str | Promise] = {
    Turn.MINE: gettext_lazy("Your turn"),
    Turn.COLLEAGUE: gettext_lazy("A colleague is up next"),
    Turn.THEIRS: gettext_lazy("Waiting for an answer"),
    Turn.NOBODY: gettext_lazy("Going on"),
}


@dataclass(frozen=True)
class Step:
    """The next step of a match: whose turn, where it stands, and what the coordinator can do."""

    turn: Turn
    text: str
    action: str


def next_step(match: Match, on: date, *, mine: bool = True) -> Step:
    """The next step of `match`, of which the buddy's parent is read, and the open check-ins when connected. Unless the
    match is `mine` to arrange, what the coordinator does is a colleague's turn."""
    step = _next_step(match, on, mine)
    if mine or step.turn is not Turn.MINE:
        return step
    return Step(Turn.COLLEAGUE, step.text, step.action)


def _next_step(match: Match, on: date, mine: bool) -> Step:
    buddy = {"buddy": match.buddy_parent}
    waited = on - localdate(match.changed_at) >= PATIENCE
    match match.state:
        case MatchStatus.PROPOSED:
            return Step(Turn.MINE, _("%(buddy)s is proposed. Now the parent.") % buddy, _("Ask the parent"))
        case MatchStatus.WAITING_FOR_PARENT if waited:
            return Step(Turn.MINE, _("No answer from the parent yet. Call them."), _("Record the answer"))
        case MatchStatus.WAITING_FOR_PARENT if match.tip_giver == TipGiver.SIGNALLER:
            return Step(
                Turn.THEIRS,
                _("The colleague who signalled gives the parent the tip."),
                _("Record the answer"),
            )
        case MatchStatus.WAITING_FOR_PARENT:
            text = (
                _("You ask the parent whether they want this.")
                if mine
                else _("A colleague asks the parent whether they want this.")
            )
            return Step(Turn.MINE, text, _("Record the answer"))
        case MatchStatus.WAITING_FOR_BUDDY if match.buddy_asked_at is None:
            return Step(Turn.MINE, _("The parent said yes. Now ask %(buddy)s.") % buddy, _("Ask the buddy"))
        case MatchStatus.WAITING_FOR_BUDDY if waited:
            return Step(
                Turn.MINE, _("No answer from %(buddy)s yet. Call them.") % buddy, _("Record the answer")
            )
        case MatchStatus.WAITING_FOR_BUDDY:
            return Step(
                Turn.THEIRS,
                _("%(buddy)s has been asked and thinks about it.") % buddy,
                _("Record the answer"),
            )
        case MatchStatus.AGREED:
            return Step(Turn.MINE, _("Both said yes. Connect them with %(buddy)s.") % buddy, _("Connect"))
        case MatchStatus.CONNECTED:
            return _connected_step(match, on)
        case MatchStatus.COMPLETED:
            return Step(Turn.NOBODY, _("Rounded off with %(buddy)s.") % buddy, "")
        case _:
            return Step(Turn.NOBODY, _("%(buddy)s: did not proceed.") % buddy, "")


def _connected_step(match: Match, on: date) -> Step:
    open_calls = sorted(
        (call for call in match.checkin_set.all() if call.done_at is None), key=lambda call: call.due_on
    )
    if match.winding_down:
        return Step(Turn.MINE, _("One of the two wants to stop."), _("Round off"))
    if match.review_on is not None and match.review_on <= on:
        text = _("Half a year together with %(buddy)s. Go on or stop?")
        return Step(Turn.MINE, text % {"buddy": match.buddy_parent}, _("Discuss"))
    if open_calls and open_calls[0].due_on <= on:
        return Step(Turn.MINE, _("Time to ask how it goes."), _("Call"))
    text = _("Connected with %(buddy)s.") % {"buddy": match.buddy_parent}
    if open_calls:
        text += " " + _("Ask how it goes on %(day)s.") % {"day": day(open_calls[0].due_on)}
    return Step(Turn.NOBODY, text, _("Look at it"))


def match_parts(membership: Membership, on: date) -> list[Part]:
    """The live matches this member may see, by whose turn it is, longest waiting first."""
    rows = _matches(membership, on).live().order_by("changed_at", "pk")
    # Who may see a theme does not always arrange it (R6, R7).
    arranged = {theme.pk for theme in themes_waiting_on(membership, on)}
    by_turn: dict[Turn, list[Row]] = {turn: [] for turn in Turn}
    for match in rows:
        step = next_step(match, on, mine=match.theme_id is None or match.theme_id in arranged)
        by_turn[step.turn].append(_match_row(match, membership.school.slug, step.text, step.action))
    return [Part(turn.name.lower(), TURNS[turn], tuple(found)) for turn, found in by_turn.items() if found]


def ended_parts(membership: Membership, on: date) -> list[Part]:
    """The matches that ended, the last one first."""
    rows = _matches(membership, on).exclude(ended_at=None).order_by("-ended_at", "-pk")[:LONGEST]
    found = tuple(_match_row(match, membership.school.slug, ending(match)) for match in rows)
    return [Part("ended", gettext_lazy("Ended"), found)] if found else []


def _matches(membership: Membership, on: date) -> MatchQuerySet:
    return (
        Match.objects.visible_to(membership, on)
        .select_related(
            "buddy_parent", "request__parent", "request__child__group", "request__group", "request__theme"
        )
        .prefetch_related("checkin_set")
    )


def ending(match: Match) -> str:
    """How an ended match ended."""
    how = match.get_outcome_display() if match.outcome else match.get_end_reason_display()
    words = (
        _("Rounded off with %(buddy)s: %(how)s.")
        if match.outcome
        else _("%(buddy)s did not proceed: %(how)s.")
    )
    return words % {"buddy": match.buddy_parent, "how": lower_first(how)}


def standing(match: Match, on: date) -> str:
    """Where `match` stands or how it ended, in one sentence."""
    return ending(match) if match.ended_at is not None else next_step(match, on).text


def _match_row(match: Match, slug: str, text: str, action: str = "") -> Row:
    url = reverse("buddies:match", args=[slug, match.pk])
    request = match.request
    theme = str(request.theme) if request.theme else ""
    meta = [upper_first(theme), child_title(request) if request.parent.search_key else _group(request)]
    return Row(
        upper_first(request_title(request)),
        "" if action else url,
        text,
        " · ".join(part for part in meta if part),
        action,
        url if action else "",
    )
