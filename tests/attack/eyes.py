"""Who may see what, once more and in other words than the product: asked of the raw rows, one row at a time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils.timezone import localdate

from buddies.workflow import LIVE
from school.roles import Permission, Role, permissions

from .snapshot import Row, Snapshot


class Eyes:
    """One member of a school, on the day of the snapshot."""

    def __init__(self, snapshot: Snapshot, member: Row) -> None:
        self.all, self.day, self.member = snapshot, snapshot.day, member

    @cached_property
    def may(self) -> frozenset[Permission]:
        return permissions(Role(row.role) for row in self.all.of("rolegrant", membership_id=self.member.id))

    @cached_property
    def works_here(self) -> bool:
        """Whether they may come in today."""
        first, last = self.member.starts_on, self.member.ends_on
        return (first is None or first <= self.day) and (last is None or last >= self.day)

    @cached_property
    def family(self) -> set[int]:
        """Themselves as a parent, and the other guardians of their children."""
        own = self.member.parent_id
        if own is None:
            return set()
        children = {row.child_id for row in self.all.of("guardianship", parent_id=own)}
        guardians = self.all["guardianship"].values()
        return {own} | {row.parent_id for row in guardians if row.child_id in children}

    @cached_property
    def themes(self) -> set[int]:
        """The themes whose people are theirs to see."""
        if Permission.OWN_THEMES not in self.may:
            return set()
        named = {row.theme_id for row in self.all.of("themecoordinator", membership_id=self.member.id)}
        here = self.all.of("theme", school_id=self.member.school_id)
        everything = Permission.ALL_THEMES in self.may
        return {t.id for t in here if t.id in named or (everything and not t.hidden_from_intern_begeleider)}

    @cached_property
    def taken_over(self) -> set[int]:
        """The themes that came to them from a colleague who left, with all there was."""
        places = self.all.of("themecoordinator", membership_id=self.member.id, handed_over=True)
        return {row.theme_id for row in places}

    def since_first_day(self, *moments: datetime) -> bool:
        """Whether one of `moments` is not before the day from which they see what there is."""
        first = self.member.sees_from
        return first is None or any(localdate(moment) >= first for moment in moments)

    def same_school(self, row: Row) -> bool:
        return bool(row.school_id == self.member.school_id)

    def request(self, row: Row) -> bool:
        everything = Permission.ALL_THEMES in self.may
        theirs = row.theme_id in self.themes or (row.theme_id is None and everything and not row.closed_off)
        matches = self.all.of("match", request_id=row.id)
        own = row.parent_id in self.family or any(m.buddy_parent_id in self.family for m in matches)
        return (
            self.same_school(row) and theirs and self._reaches_request(row) and not own and not self.past(row)
        )

    def _reaches_request(self, row: Row) -> bool:
        """Whether a request is new enough, or came to this member in some other way."""
        me = self.member.id
        signals = self.all.of("signal", request_id=row.id)
        return (
            self.since_first_day(row.signalled_at, *(signal.at for signal in signals))
            or row.theme_id in self.taken_over
            or any(signal.recorded_by_id == me for signal in signals)
            or bool(self.all.of("match", request_id=row.id, recorded_by_id=me))
            or bool(self.all.of("sharedrequest", request_id=row.id, membership_id=me))
        )

    def past(self, row: Row) -> bool:
        """Whether the term of a request is over, or it still holds a theme that should be gone."""
        if row.forget_on is not None and row.forget_on <= self.day:
            return True
        over = ended_on(self.all, row)
        return over is not None and (
            over <= self.day - timedelta(days=183)
            or (over <= self.day - timedelta(days=30) and not row.in_totals)
        )

    def match(self, row: Row) -> bool:
        about = self.all["supportrequest"][row.request_id]
        seen = (row.theme_id is None or row.theme_id in self.themes) and self.request(about)
        proposed = row.theme_id is None and row.recorded_by_id == self.member.id and row.status in LIVE
        own = {row.parent_id, row.buddy_parent_id} & self.family
        return (
            self.same_school(row) and Permission.OWN_THEMES in self.may and bool(seen or proposed) and not own
        )

    def buddy(self, row: Row) -> bool:
        themes = {each.theme_id for each in self.all.of("experience", buddy_id=row.id)}
        nothing = not themes and Permission.ALL_THEMES in self.may and not row.closed_off
        own = row.parent_id in self.family
        gone = row.forget_on is not None and row.forget_on <= self.day
        reached = (
            self.since_first_day(row.created_at)
            or row.recorded_by_id == self.member.id
            or themes & self.taken_over
        )
        theirs = (themes & self.themes or nothing) and reached
        return self.same_school(row) and bool(theirs) and not own and not gone

    def experience(self, row: Row) -> bool:
        return self.same_school(row) and row.theme_id in self.themes

    def checkin(self, row: Row) -> bool:
        return self.match(self.all["match"][row.match_id])

    personallink = checkin

    def newcomeroffer(self, row: Row) -> bool:
        newcomer = {t for t in self.themes if self.all["theme"][t].code == "newcomer"}
        reached = (
            self.since_first_day(row.offered_at)
            or row.recorded_by_id == self.member.id
            or newcomer & self.taken_over
        )
        guardians = {each.parent_id for each in self.all.of("guardianship", child_id=row.child_id)}
        buddy = self.all["buddy"].get(row.buddy_id)
        matches = self.all.of("match", request_id=row.request_id) if row.request_id else []
        about = guardians | {m.buddy_parent_id for m in matches} | ({buddy.parent_id} if buddy else set())
        return (
            self.same_school(row)
            and bool(newcomer and reached)
            and not about & self.family
            and row.forget_on > self.day
        )

    def parent(self, row: Row) -> bool:
        asks = any(self.request(each) for each in self.all.of("supportrequest", parent_id=row.id))
        helps = any(self.buddy(each) for each in self.all.of("buddy", parent_id=row.id))
        return self.same_school(row) and (asks or helps) and row.id not in self.family

    def meeting(self, row: Row) -> bool:
        taught = {each.group_id for each in self.all.of("groupteacher", membership_id=self.member.id)}
        me = self.member.id
        opened = (Permission.MEETINGS in self.may and row.group_id in taught and row.audience != "me") or (
            Permission.SHARED_MEETINGS in self.may and row.audience == "ib"
        )
        shared = self.all.of("sharedmeeting", meeting_id=row.id, membership_id=me)
        theirs = (
            row.recorded_by_id == me
            or bool(self.all.of("followup", meeting_id=row.id, recorded_by_id=me))
            or (opened and bool(self.since_first_day(row.created_at) or shared))
        )
        guardians = {each.parent_id for each in self.all.of("guardianship", child_id=row.child_id)}
        own = row.child_id is not None and bool(guardians & self.family)
        return self.same_school(row) and theirs and not own and row.forget_on > self.day

    def followup(self, row: Row) -> bool:
        return self.meeting(self.all["meeting"][row.meeting_id])

    # What a colleague follows without arranging anything

    def signal(self, row: Row) -> bool:
        about = self.all["supportrequest"][row.request_id]
        over = ended_on(self.all, about)
        gone = (about.forget_on is not None and about.forget_on <= self.day) or (
            over is not None and over <= self.day - timedelta(days=183)
        )
        return row.recorded_by_id == self.member.id and about.parent_id not in self.family and not gone

    def nomination(self, row: Row) -> bool:
        gone = row.forget_on is not None and row.forget_on <= self.day
        return row.recorded_by_id == self.member.id and row.parent_id not in self.family and not gone

    def tip(self, row: Row) -> bool:
        signals = self.all.of("signal", request_id=row.request_id, recorded_by_id=self.member.id)
        own = {row.parent_id, row.buddy_parent_id} & self.family
        return bool(signals) and row.tip_giver == "signaller" and not own


def ended_on(snapshot: Snapshot, request: Row) -> date | None:
    """The day on which `request` and every match of it had ended; None while something goes on."""
    if request.closed_at is None:
        return None
    matches = snapshot.of("match", request_id=request.id)
    if any(match.status in LIVE for match in matches):
        return None
    ends = [match.ended_at for match in matches if match.ended_at is not None]
    return max(localdate(moment) for moment in (request.closed_at, *ends))
