"""The team: who works here, as what, for which groups and until when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import actions, audit, clock, paging
from ..access import SchoolRequest, allow
from ..conflicts import ChangeForm
from ..forms.roles import RolesForm
from ..forms.staff import AddColleagueForm, ChildForm, ColleagueGroupsForm
from ..models import Membership, ParentKind
from ..reading import leaving, staff
from ..reading.groups import with_pupils
from ..roles import Permission
from .answers import attempt, both_versions, form_page, posted


def somebody(request: SchoolRequest, pk: int) -> Membership:
    """The colleague `pk` of this school. Raises Http404."""
    return get_object_or_404(staff.with_work(request.school.membership_set.all(), clock.today()), pk=pk)


def show(request: SchoolRequest, template: str, colleague: Membership, **context: Any) -> HttpResponse:
    """A page about one colleague, or below theirs. Who sees it leaves a trace."""
    audit.record("membership.look", colleague, by=request.membership)
    context |= {
        "colleague": staff.Colleague(colleague, clock.today()),
        "oneself": colleague == request.membership,
    }
    return render(request, f"school/settings/{template}.html", context)


def back(request: SchoolRequest, colleague: Membership) -> HttpResponse:
    return redirect("colleague", request.school.slug, colleague.pk)


@require_safe
@allow(Permission.MANAGE_STAFF)
def team(request: SchoolRequest) -> HttpResponse:
    """Everybody who works here, and who did."""
    asked = request.GET.get(paging.PARAMETER)
    shown, pages, present = staff.team(request.school, clock.today(), asked)
    context = {
        "present": [colleague for colleague in shown if not colleague.has_left],
        "left": [colleague for colleague in shown if colleague.has_left],
        "present_count": present,
        "left_count": pages.paginator.count - present,
        "pages": pages,
    }
    return render(request, "school/settings/team.html", context)


@form_page
@allow(Permission.MANAGE_STAFF)
def add_colleague(request: SchoolRequest) -> HttpResponse:
    """Somebody comes to work here. The answer is the same whether they have an account elsewhere."""
    on = clock.today()
    form = AddColleagueForm(
        posted(request),
        groups=request.school.group_set.current(on),
        gives_roles=request.membership.may(Permission.GIVE_ROLES),
        today=on,
    )
    if form.is_valid():
        with attempt(request, form):
            actions.add_colleague(
                email=form.cleaned_data["email"],
                name=form.cleaned_data["name"],
                roles=form.roles_given(),
                groups=form.chosen_groups(),
                days=form.days(),
                by=request.membership,
            )
            messages.success(request, _added(form))
            return redirect("team", request.school.slug)
    return render(request, "school/settings/add_colleague.html", {"form": form})


def _added(form: AddColleagueForm) -> str:
    text = _(
        "%(email)s is in the team. They choose a password through “Forgotten your password?” on the sign-in page."
    )
    if not form.roles_given():
        text = _(
            "%(email)s is in the team. They choose a password through “Forgotten your password?” on the sign-in page. "
            "Without a role they cannot do anything yet: a director gives one."
        )
    return text % {"email": form.cleaned_data["email"].lower()}


@require_safe
@allow(Permission.MANAGE_STAFF)
def colleague(request: SchoolRequest, pk: int) -> HttpResponse:
    """One colleague: roles, groups, days, and of which children they are a parent."""
    found = somebody(request, pk)
    children, successors = staff.children_of(found), staff.successors(found, request.membership)
    return show(request, "colleague", found, children=children, successors=successors)


@form_page
@allow(Permission.GIVE_ROLES)
def roles(request: SchoolRequest, pk: int) -> HttpResponse:
    """What a colleague is here, and who takes over what they may not do any more. Who was overtaken sees both
    versions."""
    found = somebody(request, pk)
    by = request.membership
    # Of oneself nothing is asked: it is refused.
    open_now = leaving.choices(found, by, clock.today()) if found != by else []
    form = RolesForm(posted(request), colleague=found, choices=open_now)

    def save() -> None:
        actions.change_roles(membership=found, roles=form.chosen(), by=by, successors=form.successors())
        messages.success(request, _("Saved. It holds from now on."))

    return _change(request, "roles", found, form, save)


@form_page
@allow(Permission.MANAGE_STAFF)
def colleague_groups(request: SchoolRequest, pk: int) -> HttpResponse:
    """Which groups a colleague teaches. Who was overtaken sees both versions."""
    found = somebody(request, pk)
    teaches = [place.group_id for place in found.groupteacher_set.all()]
    form = ColleagueGroupsForm(
        posted(request), groups=list(request.school.group_set.current(clock.today())), teaches=teaches
    )

    def save() -> None:
        actions.change_groups(membership=found, groups=form.chosen_groups(), by=request.membership)
        messages.success(request, _("Saved."))

    return _change(request, "colleague_groups", found, form, save)


def _change(
    request: SchoolRequest, template: str, colleague: Membership, form: ChangeForm, save: Callable[[], None]
) -> HttpResponse:
    """`save` what the form changes about `colleague`, unless somebody was first or it is refused."""
    if form.is_valid():
        if form.outdated:
            audit.record("membership.look", colleague, by=request.membership)
            return both_versions(request, form, str(colleague))
        with attempt(request, form):
            save()
            return back(request, colleague)
    return show(request, template, colleague, form=form)


@form_page
@allow(Permission.MANAGE_STAFF)
def add_child(request: SchoolRequest, pk: int) -> HttpResponse:
    """A colleague is a parent here too, of this child."""
    found = somebody(request, pk)
    groups = with_pupils(request.school, clock.today())
    form = ChildForm(posted(request), groups=groups, ask_kind=found.parent is None)
    if form.is_valid():
        kind = form.cleaned_data.get("kind", ParentKind.UNKNOWN)
        with attempt(request, form):
            actions.link_child(membership=found, child=form.chosen(), kind=kind, by=request.membership)
            messages.success(request, _("Saved. What concerns this family stays closed to them from now on."))
            return back(request, found)
    return show(request, "add_child", found, form=form)


@form_page
@allow(Permission.GIVE_ROLES)
def remove_child(request: SchoolRequest, pk: int, child: int) -> HttpResponse:
    """A colleague was no parent of this child after all."""
    found = somebody(request, pk)
    theirs = next((pupil for pupil in staff.children_of(found) if pupil.pk == child), None)
    if theirs is None:
        return back(request, found)
    if request.method == "POST":
        with attempt(request):
            actions.unlink_child(membership=found, child=theirs, by=request.membership)
            messages.success(request, _("Removed."))
        return back(request, found)
    return show(request, "remove_child", found, child=theirs)
