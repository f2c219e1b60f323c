"""What must be true of one step: what changed, who did it, and what the log says of it."""

from __future__ import annotations

from collections.abc import Iterator

from buddies.workflow import LIVE
from school import log
from school.roles import Permission

from .eyes import Eyes
from .promises import valid_consents
from .snapshot import Change, Row, Snapshot, changes

MEETING_STEPS = {
    "plan_meeting",
    "change_meeting",
    "cancel_or_restore",
    "hold_meeting",
    "evaluate",
    "promise",
    "keep_or_reopen",
    "tick",
    "ask_question",
    "drop_question",
    "turned_out",
    "share_a_meeting",
}
# For each table the columns whose change is one of status, or of whose it is.
STATUS: dict[str, tuple[str, ...]] = {
    "match": ("status", "winding_down", "recorded_by_id"),
    "buddy": ("status",),
    "supportrequest": ("closed_at", "search_consent_id", "taken_up_at", "linked_at"),
    "newcomeroffer": ("answer", "recorded_by_id"),
    "checkin": ("done_at",),
    "personallink": ("answer", "made_by_id"),
    "meeting": ("status", "recorded_by_id"),
    "signal": ("recorded_by_id",),
    "followup": ("recorded_by_id",),
    "consent": ("withdrawn_at",),
    "membership": ("starts_on", "ends_on", "sees_from"),
    "theme": ("hidden", "hidden_from_intern_begeleider"),
}
MADE = {"match", "buddy", "newcomeroffer", "personallink", "meeting", "consent", "theme", "membership"}


def logged(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """Invariant 8: every change of status leaves an event about that row, and no event says what somebody typed."""
    for event in after.events:
        if event.action not in log.actions():
            yield f"the log says {event.action!r}"
    about = {(event.target_type, event.target_id) for event in after.events}
    for name, was, row in changes(before, after):
        if name not in STATUS:
            continue
        if row is None:
            if not after.events:
                yield f"{name} {was.id} went without an event"
        elif was is None:
            if name in MADE and (name, row.id) not in about:
                yield f"{name} {row.id} was made without an event"
        elif (
            any(getattr(was, column) != getattr(row, column) for column in STATUS[name])
            and (name, row.id) not in about
            and not _goes_along(name, was, row, after)
        ):
            yield f"{name} {row.id} changed its status without an event"


def _goes_along(name: str, was: Row, row: Row, after: Snapshot) -> bool:
    """Whether an event about another row tells this one: a consent that another took the place of, and a match that is
    to be rounded off because of what was said in a call."""
    if name == "consent":
        newer = after.of("consent", parent_id=row.parent_id, purpose=row.purpose, theme_id=row.theme_id)
        made = {event.target_id for event in after.events if event.action == "consent.give"}
        merged = any(event.action == "buddy.link" for event in after.events)
        return merged or any(each.id in made for each in newer)
    if name == "match":
        return was.status == row.status and any(e.action == "checkin.record" for e in after.events)
    return False


def rests_on_what_is_valid(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """Invariant 7: nothing new rests on a consent that has run out."""
    for name, was, row in changes(before, after):
        live = name == "match" and row is not None and row.status in LIVE
        newly = live and (was is None or was.status not in LIVE)
        if newly and not valid_consents(after, row.buddy_id, row.theme_id):
            yield f"match {row.id} is proposed on a consent that is not valid"
        if name == "newcomeroffer" and row is not None and row.buddy_id:
            theme = after.of("theme", school_id=row.school_id, code="newcomer")[0]
            newly = was is None or was.buddy_id != row.buddy_id
            if newly and not valid_consents(after, row.buddy_id, theme.id):
                yield f"offer {row.id} has in mind whose consent is not valid"


def only_who_arranges_asks_a_buddy(before: Snapshot, after: Snapshot, member: int | None) -> Iterator[str]:
    """Invariant 6: a buddy hears of a parent from a coordinator only."""
    for name, was, row in changes(before, after):
        told = name == "match" and row is not None and row.buddy_asked_at and not (was and was.buddy_asked_at)
        given = name == "personallink" and was is None and row is not None and row.person == "buddy"
        if not (told or given):
            continue
        match = row if told else after["match"][row.match_id]
        # A match that was made in this step: as they see it after it.
        then = before if match.id in before["match"] else after
        arranges = member is not None and Eyes(then, then["membership"][member]).match(
            then["match"][match.id]
        )
        by_link = member is None and before.of("personallink", match_id=match.id, person="buddy")
        if not arranges and not by_link:
            yield f"the buddy of match {match.id} was asked by member {member}"


def is_about_meetings(step: str) -> bool:
    """Whether a step of this name does something with a meeting."""
    return step in MEETING_STEPS


def meetings_reach_nobody(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """Invariant 6: what happens with a meeting changes nothing but meetings."""
    own = {"meeting", "meetingparent", "question", "followup", "tick", "sharedmeeting"}
    for name, _was, _row in changes(before, after):
        if name not in own:
            yield f"something about a meeting changed {name}"


def entitled(before: Snapshot, after: Snapshot, member: int) -> Iterator[str]:
    """Invariant 5: who changed something works there, and it was theirs to change: before it, or after it."""
    was, now = Eyes(before, before["membership"][member]), Eyes(after, after["membership"][member])
    for change in changes(before, after):
        name, row = change[0], change[1] or change[2]
        if not was.works_here:
            yield f"member {member} does not work here and changed {name} {row.id}"
        elif hasattr(row, "school_id") and row.school_id != was.member.school_id:
            yield f"member {member} changed {name} {row.id} of another school"
        elif not _theirs(change, was, now):
            yield f"member {member} changed {name} {row.id}, which was not theirs"


def _theirs(change: Change, was: Eyes, now: Eyes) -> bool:
    name, old, new = change
    if _handed_over(old, new) and Permission.MANAGE_STAFF in was.may:
        return True
    return any(_may(name, row, eyes) for row, eyes in ((old, was), (new, now)) if row is not None)


def _handed_over(old: Row, new: Row) -> bool:
    """Whether nothing changed but whose it is: who arranges the team lets a colleague take over what another had."""
    if old is None or new is None:
        return False
    changed = {column for column, value in vars(new).items() if getattr(old, column) != value}
    return changed in ({"recorded_by_id"}, {"made_by_id"})


def _may(name: str, row: Row, eyes: Eyes) -> bool:
    """Whether `row` is this member's to change."""
    every = eyes.all
    match name:
        case "supportrequest":
            return eyes.request(row) or bool(_signals(eyes, row.id))
        case "match":
            request, buddy = every["supportrequest"].get(row.request_id), every["buddy"].get(row.buddy_id)
            seen = eyes.match(row) if request else False
            # Who stops being a buddy, or ends a request, ends what hangs on it.
            return (
                bool(
                    seen
                    or eyes.tip(row)
                    or (buddy and eyes.buddy(buddy))
                    or (request and eyes.request(request))
                )
                and row.parent_id not in eyes.family
            )
        case "buddy":
            return eyes.buddy(row) or row.recorded_by_id == eyes.member.id or bool(eyes.themes)
        case "newcomeroffer":
            return eyes.newcomeroffer(row) or bool(eyes.themes)
        case "meeting":
            return eyes.meeting(row)
        case "followup" | "question" | "meetingparent":
            meeting = every["meeting"].get(row.meeting_id)
            return meeting is not None and eyes.meeting(meeting)
        case "membership" | "groupteacher" | "group":
            return bool(eyes.may & {Permission.MANAGE_STAFF, Permission.GIVE_ROLES})
        case "rolegrant":
            return bool(eyes.may & {Permission.MANAGE_STAFF, Permission.GIVE_ROLES}) and (
                row.membership_id != eyes.member.id
            )
        case "themecoordinator":
            return Permission.GIVE_ROLES in eyes.may
        case "theme" | "school" | "holiday":
            return Permission.SCHOOL_SETTINGS in eyes.may
        case _:
            return True


def _signals(eyes: Eyes, request: int) -> list[Row]:
    return eyes.all.of("signal", request_id=request, recorded_by_id=eyes.member.id)
