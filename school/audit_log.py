"""What the log can say about staff, settings, signing in, and itself."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .log import Action, Kind, Numbers, Part, Record, Target
from .models import Group, Holiday, Membership
from .roles import Permission

ACTIONS = {
    "account.sign_in": Action(Kind.SIGN_IN, _("signed in")),
    "account.sign_out": Action(Kind.SIGN_IN, _("signed out")),
    "account.sign_in_failed": Action(Kind.SIGN_IN, _("tried in vain to sign in"), _("Somebody")),
    "account.password_changed": Action(Kind.SIGN_IN, _("changed their password")),
    "account.password_reset": Action(Kind.SIGN_IN, _("chose a new password through a link in an e-mail")),
    "membership.look": Action(Kind.LOOK, _("looked at a colleague's page")),
    "membership.add": Action(Kind.STAFF, _("added a colleague")),
    "membership.roles": Action(Kind.STAFF, _("changed the roles of a colleague")),
    "membership.end": Action(Kind.STAFF, _("recorded the last day of a colleague")),
    "membership.days": Action(Kind.STAFF, _("changed when a colleague works here")),
    "membership.successor": Action(Kind.STAFF, _("chose who takes over from a colleague")),
    "membership.hand_over": Action(Kind.STAFF, _("handed over what a colleague had open")),
    "membership.earlier": Action(Kind.STAFF, _("showed a substitute what was there before")),
    "membership.not_earlier": Action(Kind.STAFF, _("closed to a substitute what was there before")),
    "membership.groups": Action(Kind.STAFF, _("changed the groups of a colleague")),
    "membership.child": Action(Kind.STAFF, _("changed whose parent a colleague is")),
    "admin.add": Action(Kind.STAFF, _("added something on the administration site")),
    "admin.change": Action(Kind.STAFF, _("changed something on the administration site")),
    "school.settings": Action(Kind.SETTINGS, _("changed the agreements of the school")),
    "holiday.add": Action(Kind.SETTINGS, _("added a holiday")),
    "holiday.change": Action(Kind.SETTINGS, _("changed a holiday")),
    "holiday.remove": Action(Kind.SETTINGS, _("removed a holiday")),
    "group.add": Action(Kind.SETTINGS, _("added a group")),
    "group.change": Action(Kind.SETTINGS, _("changed a group")),
    "group.remove": Action(Kind.SETTINGS, _("removed a group")),
    "classlist.load": Action(Kind.IMPORT, _("loaded a class list")),
    "parent.update": Action(Kind.CHANGE, _("changed the details of a parent")),
    "log.look": Action(Kind.LOOK, _("looked at the log")),
    "log.search": Action(Kind.SEARCH, _("searched the log")),
    "log.forget": Action(Kind.ERASED, _("erased what was past its term from the log")),
}


def records(membership: Membership, on: date, numbers: Numbers) -> dict[Target, Record]:
    """Colleagues, accounts, groups and holidays, for who may open their pages."""
    found: dict[Target, Record] = {}
    slug = membership.school.slug
    if membership.may(Permission.MANAGE_STAFF):
        wanted = numbers.get("membership", frozenset()), numbers.get("user", frozenset())
        colleagues = Membership.objects.filter(school=membership.school_id).select_related("user")
        if any(wanted):
            for colleague in colleagues:
                record = Record(str(colleague), reverse("colleague", args=[slug, colleague.pk]))
                found["membership", colleague.pk] = found["user", colleague.user_id] = record
        for group in Group.objects.filter(school=membership.school_id, pk__in=numbers.get("group", ())):
            found["group", group.pk] = Record(group.name)
    if membership.may(Permission.SCHOOL_SETTINGS):
        holidays = Holiday.objects.filter(school=membership.school_id, pk__in=numbers.get("holiday", ()))
        for holiday in holidays:
            url = reverse("holiday", args=[slug, holiday.pk])
            found["holiday", holiday.pk] = Record(holiday.name, url)
    return found


part = Part(
    actions=ACTIONS,
    records=records,
    about_no_family=frozenset({"", "school", "user", "membership", "group", "holiday"}),
)
