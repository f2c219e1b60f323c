"""Who may open what, as one table: every address of the product, and everybody who could open it.

`tests/test_urls.py` opens every cell, with every verb and as HTMX does; an address that is not here fails the build.

    x      opens, or leads on to where it can be done
    .      refused (403): this is not for this role
    -      not there (404): as what does not exist, so that the difference tells nobody anything
    login  asks to sign in first
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from school.roles import Role

# Pages of a school. Every request, buddy and match here is about reading, which Ineke arranges as intern begeleider;
# the director arranges newcomers, the bouwcoordinator language, the teacher nothing, and Greet, who is no column, a
# theme that is closed to all of them. The signals and the meeting are the teacher's own. "elsewhere" is somebody of De
# Eik who may open the page there; "nobody" has not signed in.
SCHOOL_PAGES = """
name                            object       verbs     teacher  IB'er  director  bouwco  admin  elsewhere  nobody
today                           none         GET       x        x      x         x       x      -          login
buddies:signal                  none         GET,POST  x        x      x         x       .      -          login
buddies:nominate                none         GET,POST  x        x      x         x       .      -          login
buddies:own_signals             none         GET       x        x      x         x       .      -          login
buddies:discussed               undiscussed  GET,POST  x        -      -         -       .      -          login
buddies:tip                     match        GET,POST  x        -      -         -       .      -          login
buddies:requests                none         GET       .        x      x         x       .      -          login
buddies:request                 request      GET       .        x      -         -       .      -          login
buddies:share_request           request      POST      .        x      -         -       .      -          login
buddies:new_access              none         GET,POST  .        x      x         x       .      -          login
buddies:link_parent             request      GET,POST  .        x      -         -       .      -          login
buddies:edit_parent             request      GET,POST  .        x      -         -       .      -          login
buddies:choose_theme            request      GET,POST  .        x      -         -       .      -          login
buddies:request_discussed       undiscussed  GET,POST  .        x      -         -       .      -          login
buddies:close_request           request      GET,POST  .        x      -         -       .      -          login
buddies:withdraw_search         request      GET,POST  .        x      -         -       .      -          login
buddies:find                    request      GET,POST  .        x      -         -       .      -          login
buddies:judge                   request      POST      .        x      -         -       .      -          login
buddies:keep_apart              request      POST      .        x      -         -       .      -          login
buddies:take_back_apart         apart        POST      .        x      -         -       .      -          login
buddies:park                    request      POST      .        x      -         -       .      -          login
buddies:distribute              none         GET,POST  .        x      x         x       .      -          login
buddies:lacking                 none         GET       .        x      x         x       .      -          login
buddies:matches                 none         GET       .        x      x         x       .      -          login
buddies:match                   match        GET       .        x      -         -       .      -          login
buddies:ask_parent              match        POST      .        x      -         -       .      -          login
buddies:parent_answer           match        POST      .        x      -         -       .      -          login
buddies:ask_buddy               match        POST      .        x      -         -       .      -          login
buddies:buddy_answer            match        POST      .        x      -         -       .      -          login
buddies:connect                 agreed       GET,POST  .        x      -         -       .      -          login
buddies:all_discussed           match        GET,POST  .        x      -         -       .      -          login
buddies:did_not_proceed         match        GET,POST  .        x      -         -       .      -          login
buddies:undo                    match        POST      .        x      -         -       .      -          login
buddies:complete                connected    GET,POST  .        x      -         -       .      -          login
buddies:withdraw_match_consent  yes          GET,POST  .        x      -         -       .      -          login
buddies:checkin                 checkin      GET,POST  .        x      -         -       .      -          login
buddies:buddies                 none         GET       .        x      x         x       .      -          login
buddies:add_buddy               none         GET,POST  .        x      x         x       .      -          login
buddies:buddy                   buddy        GET       .        x      -         -       .      -          login
buddies:edit_offer              buddy        GET,POST  .        x      -         -       .      -          login
buddies:edit_buddy_parent       buddy        GET,POST  .        x      -         -       .      -          login
buddies:link_buddy_parent       buddy        GET,POST  .        x      -         -       .      -          login
buddies:buddy_asked             buddy        POST      .        x      -         -       .      -          login
buddies:record_offer            suggested    GET,POST  .        x      -         -       .      -          login
buddies:take_up_buddy           buddy        POST      .        x      -         -       .      -          login
buddies:add_experience          buddy        GET,POST  .        x      -         -       .      -          login
buddies:name_consent            buddy        GET,POST  .        x      -         -       .      -          login
buddies:background              buddy        GET,POST  .        x      -         -       .      -          login
buddies:pause_buddy             buddy        GET,POST  .        x      -         -       .      -          login
buddies:stop_buddy              buddy        GET,POST  .        x      -         -       .      -          login
buddies:withdraw_consent        share        GET,POST  .        x      -         -       .      -          login
buddies:parents                 none         GET       .        x      x         x       .      -          login
buddies:coordinators            none         GET,POST  .        .      x         .       .      -          login
buddies:make_link               match        GET,POST  .        x      -         -       .      -          login
buddies:newcomers               none         GET       .        x      x         .       .      -          login
buddies:add_newcomer            none         GET,POST  .        x      x         .       .      -          login
buddies:offer_newcomer          newcomer     GET,POST  .        x      x         .       .      -          login
buddies:newcomer_answer         offered      GET,POST  .        x      x         .       .      -          login
buddies:take_back_offer         offered      POST      .        x      x         .       .      -          login
buddies:overview                none         GET       .        x      x         .       .      -          login
buddies:weighing                none         GET,POST  .        x      x         .       .      -          login
buddies:themes                  none         GET       .        x      x         .       .      -          login
buddies:add_theme               none         GET,POST  .        x      x         .       .      -          login
buddies:theme                   theme        GET,POST  .        x      x         .       .      -          login
buddies:close_theme             theme        POST      .        .      x         .       .      -          login
meetings:meetings               none         GET       x        x      x         x       .      -          login
meetings:guide                  none         GET       x        x      x         x       .      -          login
meetings:guide_pdf              none         GET       x        x      x         x       .      -          login
meetings:slips                  none         GET       x        x      x         x       .      -          login
meetings:slips_pdf              none         GET       x        x      x         x       .      -          login
meetings:plan                   none         GET,POST  x        x      x         x       .      -          login
meetings:change                 meeting      GET,POST  x        -      -         -       .      -          login
meetings:cancel                 meeting      GET,POST  x        -      -         -       .      -          login
meetings:before                 meeting      GET       x        -      -         -       .      -          login
meetings:during                 meeting      GET       x        -      -         -       .      -          login
meetings:after                  meeting      GET,POST  x        -      -         -       .      -          login
meetings:pdf                    meeting      GET       x        -      -         -       .      -          login
meetings:print                  meeting      GET       x        -      -         -       .      -          login
meetings:calendar               meeting      GET       x        -      -         -       .      -          login
meetings:invitation             meeting      GET       x        -      -         -       .      -          login
meetings:share                  meeting      POST      x        -      -         -       .      -          login
meetings:tick                   meeting      POST      x        -      -         -       .      -          login
meetings:add_question           meeting      POST      x        -      -         -       .      -          login
meetings:drop_question          question     POST      x        -      -         -       .      -          login
meetings:turned_out             meeting      POST      x        -      -         -       .      -          login
meetings:promise                meeting      GET,POST  x        -      -         -       .      -          login
meetings:kept                   promise      POST      x        -      -         -       .      -          login
meetings:agreements             none         GET,POST  .        x      x         .       x      -          login
meetings:add_point              none         GET,POST  .        x      x         .       x      -          login
meetings:point                  own_point    GET,POST  .        x      x         .       x      -          login
meetings:move_point             own_point    POST      .        x      x         .       x      -          login
meetings:remove_point           own_point    POST      .        x      x         .       x      -          login
meetings:hide_point             none         POST      .        x      x         .       x      -          login
settings                        none         GET       .        x      x         .       x      -          login
team                            none         GET       .        .      x         .       x      -          login
add_colleague                   none         GET,POST  .        .      x         .       x      -          login
colleague                       colleague    GET       .        .      x         .       x      -          login
colleague_roles                 colleague    GET,POST  .        .      x         .       .      -          login
colleague_groups                colleague    GET,POST  .        .      x         .       x      -          login
colleague_days                  colleague    GET,POST  .        .      x         .       x      -          login
colleague_earlier               colleague    POST      .        .      x         .       .      -          login
add_colleague_child             colleague    GET,POST  .        .      x         .       x      -          login
remove_colleague_child          own_child    GET,POST  .        .      x         .       .      -          login
groups                          none         GET       .        .      x         .       x      -          login
add_group                       none         GET,POST  .        .      x         .       x      -          login
group                           group        GET,POST  .        .      x         .       x      -          login
remove_group                    group        POST      .        .      x         .       x      -          login
log                             none         GET       .        .      x         .       x      -          login
school_settings                 none         GET,POST  .        x      x         .       x      -          login
add_holiday                     none         GET,POST  .        x      x         .       x      -          login
holiday                         holiday      GET,POST  .        x      x         .       x      -          login
remove_holiday                  holiday      POST      .        x      x         .       x      -          login
"""
ROLES = {
    "teacher": Role.TEACHER,
    "IB'er": Role.INTERN_BEGELEIDER,
    "director": Role.DIRECTOR,
    "bouwco": Role.BOUWCOORDINATOR,
    "admin": Role.ADMINISTRATOR,
}

# Pages outside any school, by name; what has no name by its route. "member" is anybody of any school, "root" who runs
# Ouderbuddy: the administration site knows schools, accounts and memberships, no parents, and deletes nothing.
SITE_PAGES = """
name                                         verbs     member  root   nobody
about                                        GET       x       x      x
home                                         GET       x       x      login
account_login                                GET,POST  x       x      x
account_logout                               GET,POST  x       x      x
account_inactive                             GET       x       x      x
account_signup                               GET,POST  x       x      x
account_reset_password                       GET,POST  x       x      x
account_reset_password_done                  GET       x       x      x
account_reset_password_from_key              GET,POST  x       x      x
account_reset_password_from_key_done         GET       x       x      x
account_change_password                      GET,POST  x       x      login
account_email                                GET,POST  x       x      login
account_reauthenticate                       GET,POST  x       x      login
account_set_password                         GET,POST  x       x      login
own_sessions                                 GET,POST  x       x      login
still_there                                  GET       x       x      x
parent_page                                  GET,POST  -       -      -
admin:index                                  GET       login   x      login
admin:login                                  GET,POST  .       x      login
admin:logout                                 POST      x       x      login
admin:app_list                               GET       login   x      login
admin:jsi18n                                 GET       login   x      login
admin:autocomplete                           GET       login   .      login
admin:view_on_site                           GET       login   -      login
admin:password_change                        GET,POST  login   x      login
admin:password_change_done                   GET       login   x      login
admin:auth_user_password_change              GET,POST  login   x      login
beheer/(?P<url>.*)$                          GET       login   -      login
admin:school_school_changelist               GET,POST  login   x      login
admin:school_school_add                      GET,POST  login   .      login
admin:school_school_change                   GET,POST  login   x      login
admin:school_school_delete                   GET,POST  login   .      login
admin:school_school_history                  GET       login   x      login
beheer/school/school/<path:object_id>/       GET       login   x      login
admin:school_user_changelist                 GET,POST  login   x      login
admin:school_user_add                        GET,POST  login   x      login
admin:school_user_change                     GET,POST  login   x      login
admin:school_user_delete                     GET,POST  login   .      login
admin:school_user_history                    GET       login   x      login
beheer/school/user/<path:object_id>/         GET       login   x      login
admin:school_membership_changelist           GET,POST  login   x      login
admin:school_membership_add                  GET,POST  login   .      login
admin:school_membership_change               GET       login   x      login
admin:school_membership_delete               GET,POST  login   .      login
admin:school_membership_history              GET       login   x      login
beheer/school/membership/<path:object_id>/   GET       login   x      login
"""
# There in demo mode only.
DEMO_ONLY = {"demo_sign_in"}


@dataclass(frozen=True)
class Row:
    """One line of a table: an address, the object in it, its verbs, and what each column gets."""

    name: str
    kind: str
    verbs: tuple[str, ...]
    marks: dict[str, str]

    @property
    def opens(self) -> str:
        """Somebody of the school for whom it opens."""
        return next(column for column, mark in self.marks.items() if mark == "x")


def rows() -> list[Row]:
    """The table of school pages."""
    head, *lines = [line.split() for line in SCHOOL_PAGES.strip().splitlines()]
    return [
        Row(name, kind, tuple(verbs.split(",")), dict(zip(head[3:], marks, strict=True)))
        for name, kind, verbs, *marks in lines
    ]


def site_rows() -> list[Row]:
    """The table of pages outside any school."""
    head, *lines = [line.split() for line in SITE_PAGES.strip().splitlines()]
    return [
        Row(name, "none", tuple(verbs.split(",")), dict(zip(head[2:], marks, strict=True)))
        for name, verbs, *marks in lines
    ]


def patterns(
    entries: list[URLPattern | URLResolver], route: str = "", namespace: str = ""
) -> Iterator[tuple[str, str, Any]]:
    """Every address below `entries`: its name (or route), its route and its view."""
    for entry in entries:
        here = (route + str(entry.pattern)).replace("^", "")
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry.url_patterns, here, inner)
        else:
            yield f"{namespace}{entry.name}" if entry.name else here, here, entry.callback


def every_pattern() -> list[tuple[str, str, Any]]:
    """Every address of the product as it runs now."""
    return list(patterns(get_resolver().url_patterns))
