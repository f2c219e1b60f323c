"""New families: who starts when, and the buddy they are offered (R12)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from school import audit, clock, paging
from school.access import SchoolRequest
from school.converters import key_of
from school.views.answers import attempt, form_page, posted

from .. import consent_texts
from ..access import newcomers_only
from ..actions import newcomers as actions
from ..actions.errors import AlreadyOffered, WrongMoment
from ..forms.newcomers import ANSWERS, AddChildForm, OfferAnswerForm, OfferForm
from ..models import NewcomerOffer, OfferAnswer, Purpose, Theme
from ..reading import newcomer_pages as pages
from ..reading.newcomer_batch import Batch, batch_of


@require_safe
@newcomers_only
def cohort(request: SchoolRequest, theme: Theme) -> HttpResponse:
    """Everybody who starts, by month; and the offer that was recorded just now, which can be taken back."""
    batch = batch_of(request.GET)
    found = pages.cohort(theme, request.membership, clock.today(), batch, request.GET.get(paging.PARAMETER))
    context: dict[str, Any] = {"found": found, "pages": found.pages, "batch": batch}
    if number := key_of(request.GET.get("aanbod")):
        offers = NewcomerOffer.objects.visible_to(request.membership, clock.today()).select_related("child")
        recorded = offers.filter(pk=number).first()
        if recorded is not None and actions.may_be_taken_back(recorded, clock.today()):
            undo = reverse("buddies:take_back_offer", args=[request.school.slug, recorded.pk])
            context |= {"recorded": recorded, "take_back_url": batch.address(undo)}
    context["all_url"] = replace(batch, skipped=frozenset()).address(pages.list_url(request.school.slug))
    return render(request, "buddies/newcomers/cohort.html", context)


@form_page
@newcomers_only
def add(request: SchoolRequest, theme: Theme) -> HttpResponse:
    """A child who is not in the class list; then straight on to the offer."""
    form = AddChildForm(posted(request), school=request.school, on=clock.today())
    if form.is_valid():
        first_name, group, start_date = form.child()
        child = actions.add_child(
            first_name=first_name, group=group, start_date=start_date, by=request.membership
        )
        messages.success(
            request, _("%(child)s is in the list. You can offer a buddy now.") % {"child": child}
        )
        return redirect("buddies:offer_newcomer", request.school.slug, child.pk)
    return render(request, "buddies/newcomers/add.html", {"form": form})


@form_page
@newcomers_only
def offer(request: SchoolRequest, theme: Theme, pk: int) -> HttpResponse:
    """Whom to offer to the family of child `pk`, and what they say; `?home=2` for the parent at the other home."""
    batch = batch_of(request.GET)
    page = _page(request, theme, (pk, request.GET.get("home", "1")), batch)
    if not page.family.to_offer:
        return _offered_before(request, page)
    form = OfferForm(posted(request), page=page, batch=batch)
    if form.is_valid():
        with attempt(request, form):
            made = actions.offer(
                child=page.family.child,
                home=page.family.home,
                told=form.told(),
                in_mind=form.in_mind,
                answer=form.said,
                by=request.membership,
                submission=form.cleaned_data["submission"],
            )
            return _onward(request, made)
    changed = batch.changed(page.family.place, page.proposed)
    list_url = batch.address(pages.list_url(request.school.slug))
    return _show(request, "offer", page, form=form, batch=batch, changed=changed, list_url=list_url)


def _page(request: SchoolRequest, theme: Theme, place: tuple[int, str], batch: Batch) -> pages.OfferPage:
    """The page of a family that starts. Raises Http404 for who does not, or is not this member's to see."""
    found, (child, home) = None, place
    if home in ("1", "2"):
        wish, said_no = request.POST.get("outside_class"), request.POST.get("answer") == "no"
        found = pages.page_of(
            theme,
            request.membership,
            clock.today(),
            (child, int(home)),
            batch,
            outside_class=bool(wish) and not said_no,
            chosen=key_of(request.POST.get("buddy")),
            page=request.GET.get(paging.PARAMETER),
        )
    if found is None:
        raise Http404
    return found


def _show(request: SchoolRequest, template: str, page: pages.OfferPage, **context: Any) -> HttpResponse:
    """A page about one family. Who sees it leaves a trace."""
    audit.record("newcomer.look", page.family.child, by=request.membership)
    context |= {
        "page": page,
        "pages": page.pages,
        "family": page.family,
        "first_day": pages.first_day(page.family, clock.today()),
        "words": pages.words_for_parent(formal=request.school.formal_address),
        "agreed_to": [consent_texts.text(Purpose.SEARCH), consent_texts.text(Purpose.MATCH)],
    }
    return render(request, f"buddies/newcomers/{template}.html", context)


def _offered_before(request: SchoolRequest, page: pages.OfferPage) -> HttpResponse:
    """Nobody is asked twice. The same form sent twice gives the same answer; another one is told so."""
    made, support = page.family.offer, page.family.request
    if made is None and support is not None:
        return redirect("buddies:request", request.school.slug, support.pk)
    assert made is not None  # else somebody could be asked
    if str(made.submission) == request.POST.get("submission"):
        return _onward(request, made)
    if request.method == "POST":
        messages.error(request, str(AlreadyOffered.message))
    return redirect("buddies:newcomer_answer", request.school.slug, made.pk)


def _onward(request: SchoolRequest, made: NewcomerOffer) -> HttpResponse:
    """To where the next step is: of a yes the match or the search, of all else the list. Who goes through all families
    always comes back to the list, for the next one."""
    slug, support = request.school.slug, made.request
    batch, cohort = batch_of(request.GET), pages.list_url(request.school.slug)
    if made.answer != OfferAnswer.YES or support is None:
        return redirect(batch.address(cohort, aanbod=str(made.pk)))
    match = support.match_set.live().select_related("buddy_parent").first()
    if match is not None:
        words = _("The parent would like a buddy. You now ask %(buddy)s.") % {"buddy": match.buddy_parent}
        page = reverse("buddies:match", args=[slug, match.pk])
    else:
        words = _("The parent would like a buddy. Now find somebody who fits.")
        page = reverse("buddies:find", args=[slug, support.pk])
    messages.success(request, words)
    return redirect(batch.address(cohort) if batch.started else page)


@form_page
@newcomers_only
def answer(request: SchoolRequest, theme: Theme, pk: int) -> HttpResponse:
    """What a family that was offered a buddy says."""
    made = _offer(request, pk)
    page = _page(request, theme, (made.child_id, str(made.home)), Batch())
    if request.method == "POST" and not page.family.waiting:
        return _answered_before(request, made)
    can_undo = actions.may_be_taken_back(made, clock.today())
    if not page.family.waiting:
        text, step, url = pages.accepted(page.family, request.school.slug, clock.today())
        return _show(request, "answered", page, can_undo=can_undo, outcome=text, step=step, step_url=url)
    form = OfferAnswerForm(posted(request), page=page)
    if form.is_valid():
        with attempt(request, form):
            return _record(request, made, form)
    return _show(request, "answer", page, form=form, can_undo=can_undo)


def _offer(request: SchoolRequest, pk: int) -> NewcomerOffer:
    """The offer `pk` as this member may see it. Raises Http404."""
    visible = NewcomerOffer.objects.visible_to(request.membership, clock.today())
    return get_object_or_404(visible.select_related("child", "request", "buddy"), pk=pk)


def _answered_before(request: SchoolRequest, made: NewcomerOffer) -> HttpResponse:
    """Said twice, it is the same answer; another one is told that a colleague was first."""
    if ANSWERS.get(request.POST.get("answer", "")) == made.answer:
        return _onward(request, made)
    messages.error(request, str(WrongMoment.message))
    return redirect("buddies:newcomer_answer", request.school.slug, made.pk)


def _record(request: SchoolRequest, made: NewcomerOffer, form: OfferAnswerForm) -> HttpResponse:
    """Do what was answered. Raises Refused."""
    by = request.membership
    if form.said is OfferAnswer.NO:
        actions.decline(offer=made, by=by)
    elif form.said is OfferAnswer.YES:
        actions.accept(
            offer=made,
            in_mind=form.in_mind,
            method=form.method_said,
            outside_class=form.wishes_outside_class,
            by=by,
            submission=form.cleaned_data["submission"],
        )
    else:
        if form.changes:
            actions.choose_other(offer=made, in_mind=form.in_mind, by=by)
        messages.success(request, _("Written down. The parent still thinks about it."))
    return _onward(request, _offer(request, made.pk))


@require_POST
@newcomers_only
def take_back(request: SchoolRequest, theme: Theme, pk: int) -> HttpResponse:
    """Undo what was recorded by mistake today."""
    made = _offer(request, pk)
    with attempt(request):
        actions.take_back(offer=made, by=request.membership)
        messages.success(request, _("Taken back. This family has not been offered a buddy yet."))
    return redirect(batch_of(request.GET).address(pages.list_url(request.school.slug)))
