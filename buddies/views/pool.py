"""The pool of buddies: who is in it, with what, and how that changes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from school import audit, clock, paging
from school.access import SchoolRequest
from school.actions import update_parent
from school.conflicts import on_top_of, versions
from school.converters import key_of
from school.errors import Changed
from school.models import Parent
from school.views.answers import attempt, form_page, posted

from .. import consent_texts
from ..access import coordinators_only
from ..actions import consents
from ..actions import pool as actions
from ..actions.errors import AlreadyABuddy, CapacityTooLow
from ..forms.parents import ParentForm, details_of, fingerprint
from ..forms.pool import (
    AddBuddyForm,
    BackgroundForm,
    EditOfferForm,
    ExperienceForm,
    PauseForm,
    RecordOfferForm,
    SameParentForm,
    SearchForm,
    YesForm,
    saved_offer,
)
from ..models import Buddy, Method, Purpose, visible_parents
from ..reading.known_parents import already_there, found, known, others
from ..reading.pool import (
    WITHDRAWN,
    Line,
    Page,
    consents_of,
    listed,
    overview,
    with_background,
)


def _page(request: SchoolRequest, pk: int) -> Page:
    """The buddy `pk` as this member may see them. Raises Http404."""
    buddy = get_object_or_404(with_background(listed(request.membership, clock.today())), pk=pk)
    return Page(Line(buddy, clock.today()), request.membership)


def _data(request: SchoolRequest) -> Any:
    return posted(request)


def _show(request: SchoolRequest, template: str, page: Page, **context: Any) -> HttpResponse:
    """A page below a buddy's own, which always says whose it is. Who sees it leaves a trace: that they looked, or that
    they searched on it."""
    audit.record("parent.search" if context.get("words") else "buddy.look", page.buddy, by=request.membership)
    context |= {"page": page, "line": page.line, "buddy": page.buddy}
    return render(request, f"buddies/pool/{template}.html", context)


def _back(request: SchoolRequest, buddy: Buddy) -> HttpResponse:
    """To the buddy's page; to the pool when the member may not see them any more."""
    slug = request.school.slug
    if Buddy.objects.visible_to(request.membership, clock.today()).filter(pk=buddy.pk).exists():
        return redirect("buddies:buddy", slug, buddy.pk)
    return redirect("buddies:buddies", slug)


@require_safe
@coordinators_only
def buddies(request: SchoolRequest) -> HttpResponse:
    """The pool, by theme and language; who chooses one searches."""
    shown = overview(
        request.membership,
        clock.today(),
        theme=request.GET.get("onderwerp", ""),
        language=request.GET.get("taal", ""),
        page=request.GET.get(paging.PARAMETER),
    )
    if shown["theme"] or shown["language"]:
        audit.record("buddy.search", by=request.membership)
    return render(request, "buddies/pool/buddies.html", shown)


@form_page
@coordinators_only
def add(request: SchoolRequest) -> HttpResponse:
    """A parent said yes to being a buddy (R1); `?ouder=` starts with one the school knows."""
    parent = None
    if number := request.GET.get("ouder"):
        parents = visible_parents(request.membership, clock.today())
        parent = get_object_or_404(parents, pk=key_of(number))
    form = AddBuddyForm(_data(request), membership=request.membership, parent=parent)
    if form.is_valid() and (buddy := _add(request, form)):
        text = _("%(name)s is a buddy from now on. You can propose them for a signal.") % {
            "name": buddy.parent
        }
        messages.success(request, text)
        return redirect("buddies:buddy", request.school.slug, buddy.pk)
    if form.is_bound and form.namesakes:
        audit.record("parent.search", parent, by=request.membership)
    elif parent is not None:
        audit.record("parent.look", parent, by=request.membership)
    return render(request, "buddies/pool/add.html", {"form": form, "parent": parent})


def _add(request: SchoolRequest, form: AddBuddyForm) -> Buddy | None:
    parent = form.parent()
    with attempt(request, form):
        try:
            return actions.add_buddy(
                parent=parent,
                child=form.chosen_child(),
                offer=form.offer(),
                answers=form.answers(),
                by=request.membership,
                submission=form.cleaned_data["submission"],
            )
        except AlreadyABuddy:
            if not isinstance(parent, Parent):
                raise
            form.add_error(None, already_there(parent, request.membership, clock.today()))
    return None


@require_safe
@coordinators_only
def buddy_detail(request: SchoolRequest, pk: int) -> HttpResponse:
    """Everything about one buddy, and what can be done next."""
    return _show(request, "buddy", _page(request, pk))


@form_page
@coordinators_only
def edit_offer(request: SchoolRequest, pk: int) -> HttpResponse:
    """What the buddy can do. Who was overtaken sees both versions."""
    page = _page(request, pk)
    form = EditOfferForm(_data(request), buddy=page.buddy)
    if form.is_valid():
        revision = form.cleaned_data["revision"]
        try:
            actions.update_offer(
                buddy=page.buddy, offer=form.offer(), revision=revision, by=request.membership
            )
        except CapacityTooLow as refused:
            form.add_error("capacity", str(refused.message))
        except Changed:
            again = EditOfferForm(on_top_of(request.POST, revision=page.buddy.revision), buddy=page.buddy)
            return _show(request, "conflict", page, form=again, rows=versions(form, saved_offer(page.buddy)))
        else:
            messages.success(request, _("Saved."))
            return _back(request, page.buddy)
    return _show(request, "edit_offer", page, form=form)


@form_page
@coordinators_only
def edit_parent(request: SchoolRequest, pk: int) -> HttpResponse:
    """Who the buddy is and how to reach them. Who was overtaken sees both versions."""
    page = _page(request, pk)
    parent = page.buddy.parent
    form = ParentForm(_data(request), parent=parent)
    if form.is_valid():
        if form.outdated:
            again = ParentForm(on_top_of(request.POST, seen=fingerprint(parent)), parent=parent)
            return _show(request, "conflict", page, form=again, rows=versions(form, vars(details_of(parent))))
        update_parent(parent=parent, details=form.details(), by=request.membership)
        messages.success(request, _("Saved."))
        return _back(request, page.buddy)
    return _show(request, "edit_parent", page, form=form)


@form_page
@coordinators_only
def link_parent(request: SchoolRequest, pk: int) -> HttpResponse:
    """The parent a colleague typed is one the school knows."""
    page = _page(request, pk)
    search = SearchForm(request.GET)
    people = list(page.maybe_the_same)
    if words := search.words():
        people = known(others(page.buddy.parent, request.membership, clock.today()).search(words))[:25]
    form = SameParentForm(_data(request), people=people)
    if form.is_valid():
        with attempt(request):
            actions.link_parent(buddy=page.buddy, parent=form.chosen(), by=request.membership)
            messages.success(request, _("These two are one parent from now on."))
        return _back(request, page.buddy)
    return _show(request, "link_parent", page, form=form, search=search, words=words)


@require_POST
@coordinators_only
def asked(request: SchoolRequest, pk: int) -> HttpResponse:
    """The suggested parent has been asked and is thinking about it."""
    page = _page(request, pk)
    with attempt(request):
        actions.ask(buddy=page.buddy, by=request.membership)
        text = _("You asked %(name)s. The answer can be recorded here as soon as it is there.")
        messages.success(request, text % {"name": page.line.name})
    return _back(request, page.buddy)


@form_page
@coordinators_only
def record_offer(request: SchoolRequest, pk: int) -> HttpResponse:
    """The suggested or asked parent says yes."""
    page = _page(request, pk)
    form = RecordOfferForm(_data(request), membership=request.membership)
    if form.is_valid():
        with attempt(request):
            actions.record_offer(
                buddy=page.buddy, offer=form.offer(), answers=form.answers(), by=request.membership
            )
            text = _("%(name)s is a buddy from now on. You can propose them for a signal.")
            messages.success(request, text % {"name": page.line.name})
        return _back(request, page.buddy)
    return _show(request, "record_offer", page, form=form)


@require_POST
@coordinators_only
def take_up(request: SchoolRequest, pk: int) -> HttpResponse:
    """What a colleague passed on has been looked at."""
    page = _page(request, pk)
    with attempt(request):
        actions.take_up(buddy=page.buddy, by=request.membership)
        text = _("%(name)s is in the pool. You can propose them for a signal.")
        messages.success(request, text % {"name": page.line.name})
    return _back(request, page.buddy)


@form_page
@coordinators_only
def add_experience(request: SchoolRequest, pk: int) -> HttpResponse:
    """One more theme; said again, it renews the consent."""
    page = _page(request, pk)
    again = next(
        (s for s in page.experiences if str(s.consent.theme_id) == request.GET.get("onderwerp")), None
    )
    form = ExperienceForm(_data(request), page=page, again=again)
    if form.is_valid():
        with attempt(request, form):
            actions.add_experience(buddy=page.buddy, by=request.membership, **form.answer())
            messages.success(request, _("Recorded: the parent wants to share this."))
            return _back(request, page.buddy)
    return _show(
        request, "add_experience", page, form=form, text=consent_texts.text(Purpose.SHARE_EXPERIENCE)
    )


@form_page
@coordinators_only
def name_consent(request: SchoolRequest, pk: int) -> HttpResponse:
    """The name may be made known to a parent who is interested (R1)."""
    page = _page(request, pk)
    said = page.name_may_be_known
    form = YesForm(_data(request))
    if form.is_valid():
        method = Method(form.cleaned_data["method"])
        with attempt(request):
            # Recorded a moment ago: a second tap adds nothing.
            if said is None or said.ask_again:
                actions.record_name_consent(buddy=page.buddy, method=method, by=request.membership)
            messages.success(request, _("Recorded: the name may be mentioned."))
        return _back(request, page.buddy)
    return _show(request, "name_consent", page, form=form, text=consent_texts.text(Purpose.DISCLOSE_NAME))


@form_page
@coordinators_only
def background(request: SchoolRequest, pk: int) -> HttpResponse:
    """What the parent wishes to say about their own background (R17)."""
    page = _page(request, pk)
    form = BackgroundForm(_data(request), initial={"words": page.background.words if page.background else ""})
    if form.is_valid():
        words, method = form.cleaned_data["words"], Method(form.cleaned_data["method"])
        actions.set_background(parent=page.buddy.parent, words=words, method=method, by=request.membership)
        messages.success(request, _("Recorded, in the parent's own words."))
        return _back(request, page.buddy)
    return _show(request, "background", page, form=form, text=consent_texts.text(Purpose.SAME_BACKGROUND))


@form_page
@coordinators_only
def pause(request: SchoolRequest, pk: int) -> HttpResponse:
    """Ask this buddy for nobody for a while, or again from now."""
    page = _page(request, pk)
    resume = "resume" in request.POST
    form = PauseForm(None if resume else _data(request))
    if resume or form.is_valid():
        until = None if resume else form.cleaned_data["until"]
        with attempt(request):
            actions.pause(buddy=page.buddy, until=until, by=request.membership)
            messages.success(request, _paused(page, until))
        return _back(request, page.buddy)
    return _show(request, "pause", page, form=form)


def _paused(page: Page, until: Any) -> str:
    if until is None:
        return _("%(name)s can be asked again.") % {"name": page.line.name}
    day = date_format(until, "j F Y")
    return _("Nobody asks %(name)s until %(day)s. What runs goes on.") % {"name": page.line.name, "day": day}


@form_page
@coordinators_only
def stop(request: SchoolRequest, pk: int) -> HttpResponse:
    """The parent does not want to be a buddy any more, or does not want to become one."""
    page = _page(request, pk)
    if request.method == "POST":
        # Who was only thought of is gone afterwards.
        text = _("Done: %(name)s is no buddy any more.") % {"name": page.line.name}
        with attempt(request):
            actions.stop(buddy=page.buddy, by=request.membership)
            messages.success(request, text)
        return _back(request, page.buddy)
    return _show(request, "stop", page)


@form_page
@coordinators_only
def withdraw(request: SchoolRequest, pk: int, consent: int) -> HttpResponse:
    """The parent takes one yes back: what rests on it goes at once (invariant 7)."""
    page = _page(request, pk)
    agreed = consents_of(page.buddy, request.membership)
    taken_back = get_object_or_404(agreed, pk=consent)
    if request.method == "POST":
        with attempt(request):
            # Said twice, it is taken back twice: no earlier yes stays behind.
            for given in agreed.filter(
                purpose=taken_back.purpose, theme=taken_back.theme_id, withdrawn_at=None
            ):
                consents.withdraw(consent=given, by=request.membership)
            messages.success(request, str(WITHDRAWN[Purpose(taken_back.purpose)]))
    if request.method == "POST" or taken_back.withdrawn_at is not None:
        return _back(request, page.buddy)
    return _show(request, "withdraw", page, consent=taken_back, **page.after_withdrawing(taken_back))


@require_safe
@coordinators_only
def parents(request: SchoolRequest) -> HttpResponse:
    """Looking up a parent of one's own themes."""
    search = SearchForm(request.GET)
    people = []
    if words := search.words():
        audit.record("parent.search", by=request.membership)
        people = found(words, request.membership, clock.today())
    return render(request, "buddies/pool/parents.html", {"search": search, "words": words, "people": people})
