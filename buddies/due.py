"""What goes when its term is over. Run by `manage.py run_due`; each job may run any number of times.

What a term hides is hidden from that day by the querysets already; these jobs merely erase it. What counts in the
school year is counted first (see `YearTotal`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from django.db import models, transaction

from school import audit

from .actions import newcomers, pool, totals
from .actions.consents import erase_experiences, erase_theme
from .actions.locking import lock
from .actions.parents import forget_if_nothing_holds
from .models import (
    Buddy,
    Consent,
    DoNotAsk,
    Experience,
    KeptApart,
    NewcomerOffer,
    PersonalLink,
    SupportRequest,
)
from .models.buddies import EXPIRED_GRACE
from .models.totals import of_offers, of_requests

Row = TypeVar("Row", bound=models.Model)


def _each(due: models.QuerySet[Row], let_go: Callable[[Row], None], *related: str) -> int:
    """Do `let_go` with every row of `due`, each held in a transaction of its own. Gives how many."""
    count = 0
    for pk in due.values_list("pk", flat=True):
        with transaction.atomic():
            # Read again: it may have changed a moment ago.
            row = due.select_for_update(of=("self",)).select_related(*related).filter(pk=pk).first()
            if row is None:
                continue
            count += 1
            let_go(row)
    return count


def forget_undiscussed(on: date) -> int:
    """Erase signals that were not discussed with the parent within the school's term. Gives how many."""

    def forget(request: SupportRequest) -> None:
        audit.record("request.forget", request, by=None)
        _erase(request)

    due = SupportRequest.objects.filter(forget_on__lte=on, search_consent=None)
    return _each(due, forget, "parent", "school")


def forget_suggestions(on: date) -> int:
    """Erase suggested buddies whom nobody asked within the school's term. Gives how many."""

    def forget(buddy: Buddy) -> None:
        audit.record("buddy.forget", buddy, by=None)
        pool.forget(buddy)

    return _each(Buddy.objects.filter(forget_on__lte=on), forget, "parent", "school")


def erase_expired_experiences(on: date) -> int:
    """Erase experiences whose consent ran out and was not renewed for 30 days. Running matches go on.
    Gives how many."""
    due = Experience.objects.filter(consent__valid_until__lt=on - EXPIRED_GRACE)
    count = 0
    for found in due.select_related("buddy"):
        with transaction.atomic():
            lock(found.buddy)
            # Read again: it may have been renewed a moment ago.
            experience = due.filter(pk=found.pk).select_related("school").first()
            if experience is None:
                continue
            count += 1
            audit.record("experience.forget", experience, by=None)
            erase_experiences(due.filter(pk=experience.pk), by=None, wind_down=False)
    return count


def forget_themes(on: date) -> int:
    """Erase what requests were about 30 days after they closed: theme, note and wish, and the words that were written
    about the click. Gives how many."""

    def forget(request: SupportRequest) -> None:
        _count(request)
        erase_theme(request)
        SupportRequest.objects.filter(pk=request.pk).update(in_totals=True)
        audit.record("request.forget_theme", request, by=None)

    return _each(SupportRequest.objects.to_let_go(on), forget, "school", "theme")


def forget_ended(on: date) -> int:
    """Erase requests half a year after their end, with all that was signalled, matched, agreed and asked about them,
    and the parent whom nothing else concerns. Gives how many."""

    def forget(request: SupportRequest) -> None:
        _count(request)
        audit.record("request.forget", request, by=None)
        _erase(request)

    return _each(SupportRequest.objects.past(on), forget, "parent", "school")


def _count(request: SupportRequest) -> None:
    """Count `request` in its school year, once."""
    totals.add(school=request.school, entries=of_requests(SupportRequest.objects.filter(pk=request.pk)))


def _erase(request: SupportRequest) -> None:
    parent = request.parent
    request.delete()
    forget_if_nothing_holds(parent)


def forget_offers(on: date) -> int:
    """Erase what was offered to families who are not new any more. Gives how many."""

    def forget(offer: NewcomerOffer) -> None:
        totals.add(school=offer.school, entries=of_offers(NewcomerOffer.objects.filter(pk=offer.pk)))
        audit.record("newcomer.forget", offer, by=None)
        newcomers.forget(offer)

    return _each(NewcomerOffer.objects.due(on), forget, "parent", "school")


def forget_refusals(on: date) -> int:
    """Erase "do not ask again" when that day has come: the parent may be asked again. Gives how many."""

    def forget(refusal: DoNotAsk) -> None:
        audit.record("refusal.forget", refusal, by=None)
        parent = refusal.parent
        refusal.delete()
        forget_if_nothing_holds(parent)

    return _each(DoNotAsk.objects.filter(until__lte=on), forget, "parent", "school")


def forget_kept_apart(on: date) -> int:
    """Erase "not these two" when its day has come. Gives how many."""

    def forget(kept: KeptApart) -> None:
        audit.record("apart.forget", kept, by=None)
        kept.delete()

    return _each(KeptApart.objects.over(on), forget, "school")


def forget_consents(on: date) -> int:
    """Erase consents that ended a year ago and on which nothing rests: until then they are the proof of what was
    agreed. Those about a request or a match go with it. Gives how many."""

    def forget(consent: Consent) -> None:
        audit.record("consent.forget", consent, by=None)
        consent.delete()

    return _each(Consent.objects.proof_no_more(on), forget, "school")


def forget_links(on: date) -> int:
    """Erase personal links that ran out a month ago; the answer stands with the match. Gives how many."""

    def forget(link: PersonalLink) -> None:
        audit.record("link.forget", link, by=None)
        link.delete()

    return _each(PersonalLink.objects.due(on), forget, "school")
