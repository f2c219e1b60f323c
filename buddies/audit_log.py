"""What the log can say about themes, requests, buddies, matches and new families."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from school.log import Action, Kind, Numbers, Part, Record, Target
from school.models import Child, Membership, Parent
from school.roles import Permission

from .models import (
    Buddy,
    BuiltIn,
    CheckIn,
    Consent,
    DoNotAsk,
    Experience,
    Judgement,
    KeptApart,
    Match,
    NewcomerOffer,
    PersonalLink,
    Signal,
    SupportRequest,
    Theme,
    own_themes,
    visible_parents,
)
from .models.newcomers import starting_for
from .naming import parent_title, request_title

ACTIONS = {
    "school.open": Action(Kind.SETTINGS, _("opened the school")),
    "theme.coordinator": Action(Kind.STAFF, _("changed who arranges a theme")),
    "theme.add": Action(Kind.SETTINGS, _("added a theme")),
    "theme.change": Action(Kind.SETTINGS, _("changed a theme")),
    "theme.hide": Action(Kind.SETTINGS, _("hid a theme")),
    "theme.show": Action(Kind.SETTINGS, _("showed a theme again")),
    "theme.close": Action(Kind.SETTINGS, _("closed a theme to the intern begeleider")),
    "theme.open": Action(Kind.SETTINGS, _("opened a theme to the intern begeleider")),
    "parent.look": Action(Kind.LOOK, _("looked at a parent")),
    "parent.search": Action(Kind.SEARCH, _("searched for a parent")),
    "parent.background": Action(Kind.CHANGE, _("recorded what a parent says about their background")),
    "request.look": Action(Kind.LOOK, _("looked at a request")),
    "request.signal": Action(Kind.CHANGE, _("signalled a parent")),
    "request.discussed": Action(Kind.CHANGE, _("recorded that a signal was discussed with the parent")),
    "request.refuse": Action(Kind.CHANGE, _("recorded that a parent does not want us to look")),
    "request.take_up": Action(Kind.CHANGE, _("took up a request")),
    "request.theme": Action(Kind.CHANGE, _("recorded what a request is about")),
    "request.link": Action(Kind.CHANGE, _("recorded which parent a request is of")),
    "request.close": Action(Kind.CHANGE, _("closed a request")),
    "request.forget": Action(Kind.ERASED, _("erased a request")),
    "request.forget_theme": Action(Kind.ERASED, _("erased what a request was about")),
    "refusal.forget": Action(Kind.ERASED, _("erased that a parent is not to be asked")),
    "buddy.look": Action(Kind.LOOK, _("looked at a buddy")),
    "buddy.search": Action(Kind.SEARCH, _("searched the buddies")),
    "buddy.suggest": Action(Kind.CHANGE, _("suggested a buddy")),
    "buddy.add": Action(Kind.CHANGE, _("added a buddy")),
    "buddy.ask": Action(Kind.CHANGE, _("asked a parent to become a buddy")),
    "buddy.offer": Action(Kind.CHANGE, _("recorded that a parent becomes a buddy")),
    "buddy.take_up": Action(Kind.CHANGE, _("took a buddy into the pool")),
    "buddy.experience": Action(Kind.CHANGE, _("recorded what a buddy has been through")),
    "buddy.update": Action(Kind.CHANGE, _("changed what a buddy can do")),
    "buddy.pause": Action(Kind.CHANGE, _("gave a buddy a pause")),
    "buddy.resume": Action(Kind.CHANGE, _("ended the pause of a buddy")),
    "buddy.link": Action(Kind.CHANGE, _("recorded which parent a buddy is")),
    "buddy.stop": Action(Kind.CHANGE, _("recorded that a buddy stops")),
    "buddy.forget": Action(Kind.ERASED, _("erased a suggested buddy")),
    "experience.forget": Action(Kind.ERASED, _("erased what a buddy had been through")),
    "consent.give": Action(Kind.CONSENT, _("recorded a consent")),
    "consent.withdraw": Action(Kind.CONSENT, _("took back a consent")),
    "consent.forget": Action(Kind.ERASED, _("erased a consent that had ended")),
    "match.look": Action(Kind.LOOK, _("looked at a match")),
    "match.print": Action(Kind.PRINT, _("opened the card of a buddy to print it")),
    "match.propose": Action(Kind.CHANGE, _("proposed a match")),
    "match.ask_parent": Action(Kind.CHANGE, _("recorded who tells the parent about a match")),
    "match.parent_yes": Action(Kind.CHANGE, _("recorded the parent's yes to a match")),
    "match.ask_buddy": Action(Kind.CHANGE, _("recorded that the buddy was asked for a match")),
    "match.buddy_yes": Action(Kind.CHANGE, _("recorded the buddy's yes to a match")),
    "match.connect": Action(Kind.CHANGE, _("connected a match")),
    "match.complete": Action(Kind.CHANGE, _("rounded off a match")),
    "match.did_not_proceed": Action(Kind.CHANGE, _("ended a match that did not proceed")),
    "match.wind_down": Action(Kind.CHANGE, _("marked a match as to be rounded off")),
    "match.undo": Action(Kind.CHANGE, _("took back the last step of a match")),
    "checkin.record": Action(Kind.CHANGE, _("recorded how a match is going")),
    "link.make": Action(Kind.CHANGE, _("made a personal link")),
    "link.print": Action(Kind.PRINT, _("opened the letter with a personal link to print it")),
    "link.answer": Action(Kind.CHANGE, _("answered through a personal link")),
    "link.forget": Action(Kind.ERASED, _("erased a personal link")),
    "child.add": Action(Kind.CHANGE, _("added a child who starts")),
    "newcomer.look": Action(Kind.LOOK, _("looked at a new family")),
    "newcomer.offer": Action(Kind.CHANGE, _("offered a buddy to a new family")),
    "newcomer.yes": Action(Kind.CHANGE, _("recorded the yes of a new family")),
    "newcomer.no": Action(Kind.CHANGE, _("recorded the no of a new family")),
    "newcomer.choose": Action(Kind.CHANGE, _("chose another buddy for a new family")),
    "newcomer.take_back": Action(Kind.CHANGE, _("took back the offer to a new family")),
    "newcomer.forget": Action(Kind.ERASED, _("erased what was offered to a new family")),
    "request.park": Action(Kind.CHANGE, _("put off the search for a parent")),
    "request.resume": Action(Kind.CHANGE, _("took up the search for a parent again")),
    "apart.keep": Action(Kind.CHANGE, _("recorded that two parents are not matched")),
    "apart.take_back": Action(Kind.CHANGE, _("recorded that two parents may be matched after all")),
    "apart.forget": Action(Kind.ERASED, _("erased that two parents are not matched")),
    "judgement.record": Action(Kind.CHANGE, _("gave an opinion on a proposal")),
    "matching.weigh": Action(Kind.SETTINGS, _("changed how pairs are proposed")),
    "request.share": Action(Kind.CHANGE, _("shared a request with a substitute")),
    "signal.hand_over": Action(Kind.CHANGE, _("handed over a signal")),
    "match.hand_over": Action(Kind.CHANGE, _("handed over a match")),
    "link.hand_over": Action(Kind.CHANGE, _("handed over a personal link")),
    "newcomer.hand_over": Action(Kind.CHANGE, _("handed over the offer to a new family")),
    "overview.look": Action(Kind.LOOK, _("looked at the overview")),
}


def records(membership: Membership, on: date, numbers: Numbers) -> dict[Target, Record]:
    """What this member may open on `on`, through the same doors as the pages themselves. An administrator hears of no
    theme who it is arranged by."""
    found: dict[Target, Record] = {}
    finders = {
        "supportrequest": _requests,
        "match": _matches,
        "checkin": _checkins,
        "personallink": _links,
        "buddy": _buddies,
        "experience": _experiences,
        "parent": _parents,
        "consent": _consents,
        "newcomeroffer": _offers,
        "child": _children,
        "theme": _themes,
    }
    for name, find in finders.items():
        if wanted := numbers.get(name):
            found |= {(name, pk): record for pk, record in find(membership, on, wanted).items()}
    return found


Found = dict[int, Record]


def _page(name: str, membership: Membership, pk: int) -> str:
    return reverse(f"buddies:{name}", args=[membership.school.slug, pk])


def _requests(membership: Membership, on: date, wanted: frozenset[int]) -> Found:
    rows = SupportRequest.objects.visible_to(membership, on).filter(pk__in=wanted).distinct()
    return {
        row.pk: Record(request_title(row), _page("request", membership, row.pk))
        for row in rows.select_related("parent", "child__group", "group")
    }


def _matches(membership: Membership, on: date, wanted: frozenset[int]) -> Found:
    rows = Match.objects.visible_to(membership, on).filter(pk__in=wanted)
    return {
        row.pk: Record(f"{row.parent} – {row.buddy_parent}", _page("match", membership, row.pk))
        for row in rows.select_related("parent", "buddy_parent")
    }


def _checkins(membership: Membership, on: date, wanted: frozenset[int]) -> Found:
    match_of = dict(
        CheckIn.objects.visible_to(membership, on).filter(pk__in=wanted).values_list("pk", "match")
    )
    return _through(match_of, _matches(membership, on, frozenset(match_of.values())))


def _links(membership: Membership, on: date, wanted: frozenset[int]) -> Found:
    visible = Match.objects.visible_to(membership, on)
    links = PersonalLink.objects.filter(pk__in=wanted, match__in=visible)
    match_of = dict(links.values_list("pk", "match"))
    return _through(match_of, _matches(membership, on, frozenset(match_of.values())))


def _through(other: Mapping[int, int], found: Found) -> Found:
    """What has no page of its own, with that of the row it belongs to."""
    return {pk: found[number] for pk, number in other.items() if number in found}


def _buddies(membership: Membership, on: date, wanted: frozenset[int]) -> Found:
    rows = Buddy.objects.visible_to(membership, on).filter(pk__in=wanted).select_related("parent")
    return {
        row.pk: Record(capfirst(parent_title(row.parent)), _page("buddy", membership, row.pk)) for row in rows
    }


def _experiences(membership: Membership, on: date, wanted: frozenset[int]) -> Found:
    """Those of the member's own themes, with the buddy whose they are."""
    theirs = Experience.objects.owned_by(membership).filter(pk__in=wanted)
    buddy_of = dict(theirs.values_list("pk", "buddy"))
    return _through(buddy_of, _buddies(membership, on, frozenset(buddy_of.values())))


def _parents(membership: Membership, on: date, wanted: frozenset[int]) -> Found:
    return {
        row.pk: Record(parent_title(row)) for row in visible_parents(membership, on).filter(pk__in=wanted)
    }


def _consents(membership: Membership, on: date, wanted: frozenset[int]) -> Found:
    """Consents of requests and matches this member may open, and those of a buddy that name no theme but theirs."""
    theirs = Q(theme=None) | Q(theme__in=own_themes(membership))
    visible = Consent.objects.filter(
        Q(request=None) | Q(request__in=SupportRequest.objects.visible_to(membership, on)),
        Q(match=None) | Q(match__in=Match.objects.visible_to(membership, on)),
        theirs,
        parent__in=visible_parents(membership, on),
        pk__in=wanted,
    )
    return {row.pk: Record(parent_title(row.parent)) for row in visible.select_related("parent")}


def _offers(membership: Membership, on: date, wanted: frozenset[int]) -> Found:
    rows = NewcomerOffer.objects.visible_to(membership, on).filter(pk__in=wanted).select_related("child")
    return {row.pk: Record(str(row.child), _page("newcomer_answer", membership, row.pk)) for row in rows}


def _children(membership: Membership, on: date, wanted: frozenset[int]) -> Found:
    """Children who start, for who arranges the new families."""
    if not any(theme.code == BuiltIn.NEWCOMER for theme in own_themes(membership)):
        return {}
    rows = starting_for(membership, on).filter(pk__in=wanted)
    return {row.pk: Record(str(row), _page("offer_newcomer", membership, row.pk)) for row in rows}


def _themes(membership: Membership, on: date, wanted: frozenset[int]) -> Found:
    if not membership.may(Permission.AUDIT):
        return {}
    rows = Theme.objects.filter(school=membership.school_id, pk__in=wanted)
    return {row.pk: Record(capfirst(str(row)), _page("theme", membership, row.pk)) for row in rows}


def others(membership: Membership) -> Mapping[str, QuerySet[Any]]:
    """The rows of this school in which `membership` is no party: not their own family's, and none in which one of
    theirs is the buddy."""
    family, school = membership.parties, membership.school_id
    requests = (
        SupportRequest.objects.filter(school=school)
        .exclude(parent__in=family)
        .exclude(match__buddy_parent__in=family)
    )
    matches = Match.objects.filter(school=school).exclude(parent__in=family).exclude(buddy_parent__in=family)
    children = Child.objects.filter(school=school).exclude(guardianship__parent__in=family)
    return {
        "supportrequest": requests,
        "signal": Signal.objects.filter(request__in=requests),
        "keptapart": KeptApart.objects.filter(school=school)
        .exclude(parent__in=family)
        .exclude(other__in=family),
        "judgement": Judgement.objects.filter(request__in=requests).exclude(buddy__parent__in=family),
        "match": matches,
        "checkin": CheckIn.objects.filter(match__in=matches),
        "personallink": PersonalLink.objects.filter(match__in=matches),
        "buddy": Buddy.objects.filter(school=school).exclude(parent__in=family),
        "experience": Experience.objects.filter(school=school).exclude(buddy__parent__in=family),
        "parent": Parent.objects.filter(school=school).not_a_party(membership),
        "donotask": DoNotAsk.objects.filter(school=school).exclude(parent__in=family),
        "consent": Consent.objects.filter(
            Q(request=None) | Q(request__in=requests), Q(match=None) | Q(match__in=matches), school=school
        ).exclude(parent__in=family),
        "child": children.exclude(newcomeroffer__buddy__parent__in=family).exclude(
            newcomeroffer__request__match__buddy_parent__in=family
        ),
        "newcomeroffer": NewcomerOffer.objects.filter(child__in=children)
        .exclude(buddy__parent__in=family)
        .exclude(request__match__buddy_parent__in=family),
    }


part = Part(actions=ACTIONS, records=records, others=others, about_no_family=frozenset({"theme"}))
