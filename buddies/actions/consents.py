"""Recording a consent, and what ends with it."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from school import audit, clock
from school.models import Membership, Parent

from .. import consent_texts
from ..models import (
    Background,
    Buddy,
    BuiltIn,
    CloseReason,
    Consent,
    EndReason,
    Experience,
    Judgement,
    Match,
    Method,
    NewcomerOffer,
    Purpose,
    SupportRequest,
    Theme,
)
from ..workflow import BEFORE_AGREED, LIVE, BuddyStatus, MatchStatus
from .locking import lock, lock_match, lock_request

# Consents that run out; the others belong to one request or match and end with it.
LASTING = (Purpose.SHARE_EXPERIENCE, Purpose.DISCLOSE_NAME, Purpose.SAME_BACKGROUND)


def valid_until(given: date) -> date:
    """The last day of a consent given on `given`: a year at most, and where it can be the end of September, so
    that a school asks all its buddies again in one go."""
    try:
        year_later = given.replace(year=given.year + 1)
    except ValueError:  # 29 February
        year_later = given.replace(year=given.year + 1, day=28)
    september = date(year_later.year, 9, 30)
    if september > year_later:
        september = september.replace(year=september.year - 1)
    return september if september - given >= timedelta(days=90) else year_later


def said_today(consent: Consent, method: Method) -> bool:
    """Whether `consent` was given today in this way: the same yes, recorded again, adds nothing to it."""
    return localdate(consent.given_at) == clock.today() and consent.method == method


def give(
    *,
    parent: Parent,
    purpose: Purpose,
    method: Method,
    by: Membership,
    theme: Theme | None = None,
    request: SupportRequest | None = None,
    match: Match | None = None,
    language: str = "nl",
) -> Consent:
    """Record that `parent` agreed to `purpose`, with today's text, read or heard in `language` (the name of its file,
    see `consent_texts`). Part of another action's transaction.

    A consent that lasts takes the place of the one before it: there is one to withdraw.
    """
    if purpose in LASTING:
        earlier = Consent.objects.filter(parent=parent, purpose=purpose, theme=theme, withdrawn_at=None)
        earlier.update(withdrawn_at=clock.now())
    consent = Consent.objects.create(
        school_id=by.school_id,
        parent=parent,
        purpose=purpose,
        theme=theme,
        request=request,
        match=match,
        text_version=consent_texts.CURRENT,
        language=language,
        method=method,
        recorded_by=by,
        given_at=clock.now(),
        valid_until=valid_until(clock.today()) if purpose in LASTING else None,
    )
    audit.record("consent.give", consent, by=by)
    return consent


@transaction.atomic
def withdraw(*, consent: Consent, by: Membership) -> None:
    """End `consent` and, in the same transaction, all that rests on it (invariant 7).

    An experience is erased, the buddy leaves every open proposal; a request loses its theme and note and closes;
    a match that is not connected yet ends, one that runs is to be rounded off. Withdrawing twice does nothing more.
    """
    found = Consent.objects.select_related("request", "match").filter(pk=consent.pk).first()
    if found is None:
        return  # gone with what it was about
    consent = found
    buddy = Buddy.objects.filter(parent=consent.parent_id).first()
    if buddy is not None:
        lock(buddy)
    if consent.request is not None:
        lock_request(consent.request)
    if consent.match is not None:
        lock_match(consent.match)
    if not Consent.objects.filter(pk=consent.pk, withdrawn_at=None).update(withdrawn_at=clock.now()):
        return
    audit.record("consent.withdraw", consent, by=by)
    match Purpose(consent.purpose):
        case Purpose.SHARE_EXPERIENCE:
            erase_experiences(Experience.objects.filter(consent=consent), by=by, wind_down=True)
        case Purpose.SAME_BACKGROUND:
            Background.objects.filter(consent=consent).delete()
        case Purpose.SEARCH:
            _stop_searching(consent, by)
        case Purpose.MATCH:
            of_parent = Match.objects.filter(consents=consent, parent=consent.parent_id).exists()
            reason = EndReason.PARENT_NO if of_parent else EndReason.BUDDY_NO
            end_matches(
                Match.objects.filter(consents=consent), (*BEFORE_AGREED, MatchStatus.AGREED), reason, by=by
            )
        case Purpose.DISCLOSE_NAME | Purpose.SHARE_CONTACT | Purpose.TELL_TEACHER:
            pass  # nothing is stored on the ground of these: they are asked for at the moment of use


def erase_experiences(experiences: QuerySet[Experience], *, by: Membership | None, wind_down: bool) -> None:
    """Delete `experiences` and end what was proposed on them; a buddy without any left has stopped. Matches that
    stand on their own yes are rounded off when the buddy withdrew (`wind_down`), and go on when a term ran out.
    New families keep the offer of a buddy, but not this one. Part of another action's transaction, in which the
    buddy is locked."""
    for experience in experiences.select_related("buddy", "theme"):
        buddy = experience.buddy
        experience.delete()
        if experience.theme.hidden_from_intern_begeleider:
            Buddy.objects.filter(pk=buddy.pk).update(closed_off=True)
        if experience.theme.code == BuiltIn.NEWCOMER:
            NewcomerOffer.objects.filter(buddy=buddy).update(buddy=None, click_reasons=[])
        Judgement.objects.filter(buddy=buddy, request__theme=experience.theme_id).delete()
        matches = Match.objects.filter(buddy=buddy, theme=experience.theme_id)
        end_matches(matches, BEFORE_AGREED, EndReason.CONSENT_ENDED, by=by, wind_down=wind_down)
        if not Experience.objects.filter(buddy=buddy).exists():
            offered = Buddy.objects.filter(pk=buddy.pk, status=BuddyStatus.OFFERED)
            if offered.update(status=BuddyStatus.STOPPED, paused_until=None):
                audit.record("buddy.stop", buddy, by=by)


def end_matches(
    matches: QuerySet[Match],
    statuses: tuple[MatchStatus, ...],
    reason: EndReason,
    *,
    by: Membership | None,
    wind_down: bool = True,
) -> None:
    """End those of `matches` that stand in `statuses`; live ones that are further on are to be rounded off."""
    now = clock.now()
    for match in matches.select_for_update(of=("self",), no_key=True).order_by("pk"):
        if match.state in statuses:
            match.status, match.end_reason, match.slot = MatchStatus.DID_NOT_PROCEED, reason, None
            match.ended_at = match.changed_at = now
            match.ended_by = by
            match.save()
            audit.record("match.did_not_proceed", match, by=by)
        elif match.state in LIVE and wind_down and not match.winding_down:
            match.winding_down, match.changed_at = True, now
            match.save()
            audit.record("match.wind_down", match, by=by)


def _stop_searching(consent: Consent, by: Membership) -> None:
    """The parent does not want us to search any more: theme and note go, the request closes."""
    request = SupportRequest.objects.select_related("theme").get(consents=consent)
    matches = Match.objects.filter(request=request)
    end_matches(matches, (*BEFORE_AGREED, MatchStatus.AGREED), EndReason.CONSENT_ENDED, by=by)
    erase_theme(request)
    closed = SupportRequest.objects.filter(pk=request.pk, closed_at=None).update(
        closed_at=clock.now(), close_reason=CloseReason.WITHDRAWN
    )
    if closed:
        audit.record("request.close", request, by=by)


def erase_theme(request: SupportRequest) -> None:
    """Erase what `request` was about, and what colleagues thought of buddies for it. It does not become visible to
    whom its theme was hidden from. Part of another action's transaction."""
    theme = request.theme
    closed_off = request.closed_off or (theme is not None and theme.hidden_from_intern_begeleider)
    Match.objects.filter(request=request).update(theme=None, click_words="")
    Judgement.objects.filter(request=request).delete()
    SupportRequest.objects.filter(pk=request.pk).update(
        theme=None, note="", wish="", outside_class=False, closed_off=closed_off
    )
