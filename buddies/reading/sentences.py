"""Words for what matching found, and for what is said to a parent or a buddy.

Never a score, and never a word more about a person than the reader may know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from school.models import ParentKind

from ..languages import spoken
from ..matching import NOT_SUITABLE, PLACES, Missing, Params, Reason
from ..models import BuiltIn, Match, Theme

Words = str | Promise

_EXCLUDED: Mapping[str, Words] = {
    NOT_SUITABLE: gettext_lazy("Not suitable for this parent"),
    "experience": gettext_lazy("Has no experience with this subject"),
    "consent": gettext_lazy("The consent has run out"),
    "offered": gettext_lazy("Does not take part now: not taken up yet, on pause or stopped"),
    "capacity": gettext_lazy("Has no place now"),
    "in_mind": gettext_lazy("You have this buddy in mind for another family"),
    "not_skipped": gettext_lazy("Passed over this time"),
    "outside_class": gettext_lazy("Child in the same group; the parent would rather not"),
    "not_refused": gettext_lazy("Did not proceed before"),
    "masters_both": gettext_lazy("Does not speak both Dutch and the parent's language"),
    "here_a_year": gettext_lazy("Not at this school for a year yet, or not known"),
}
# Why nobody is left for a parent, by the rule at which the last ones drop out.
_MISSING: Mapping[str, Words] = {
    NOT_SUITABLE: gettext_lazy("The buddies with this subject are not suitable for this parent."),
    "experience": gettext_lazy("There is no buddy with this subject."),
    "masters_both": gettext_lazy("It is not known which language the parent speaks beside Dutch."),
    "here_a_year": gettext_lazy("No buddy with this subject has been at this school for a year."),
    "outside_class": gettext_lazy("Every buddy left has a child in the same group."),
    "not_refused": gettext_lazy("It did not proceed with any buddy left."),
    "consent": gettext_lazy("The consent of every buddy left has run out."),
    "offered": gettext_lazy("Every buddy left is on pause, stopped or not taken up yet."),
    "capacity": gettext_lazy("Every buddy who fits is busy."),
    "in_mind": gettext_lazy("You have every buddy who fits in mind for another family."),
    "not_skipped": gettext_lazy("You passed over every buddy who fits."),
    PLACES: gettext_lazy("Every buddy who fits goes to another parent."),
}
# What helps then.
_ADVICE: Mapping[str, Words] = {
    NOT_SUITABLE: gettext_lazy("Ask another parent to become a buddy."),
    "experience": gettext_lazy("Ask a parent who has been through this to become a buddy."),
    "masters_both": gettext_lazy("Ask a parent who speaks both languages to become a buddy."),
    "here_a_year": gettext_lazy(
        "Ask a parent who has been here longer, or fill in since when the buddies are here."
    ),
    "outside_class": gettext_lazy(
        "Ask the parent whether somebody of the same class is all right after all."
    ),
    "not_refused": gettext_lazy("Ask another parent to become a buddy."),
    "consent": gettext_lazy("Call a buddy below and ask whether they still agree."),
    "offered": gettext_lazy("Call a buddy below: perhaps they can take part again."),
    "capacity": gettext_lazy(
        "Ask a buddy below whether they can help one more parent, or wait until one is done."
    ),
    "in_mind": gettext_lazy("Ask that family for their answer, or choose another buddy for them."),
    "not_skipped": gettext_lazy("Look again at whom you passed over."),
}
# How each theme that every school starts with is called in a sentence that is said aloud: "It is about …".
_SPOKEN: Mapping[str, Words] = {
    BuiltIn.BUSY: gettext_lazy("a busy child"),
    BuiltIn.READING: gettext_lazy("learning to read"),
    BuiltIn.DIVORCE: gettext_lazy("a divorce"),
    BuiltIn.LANGUAGE: pgettext_lazy("it is about", "the language"),
    BuiltIn.NEWCOMER: gettext_lazy("a child who has just started here"),
    BuiltIn.CULTURE: gettext_lazy("another culture, or a referral"),
}
_KIND: Mapping[str, Words] = {
    ParentKind.MOTHER: gettext_lazy("Is a mother, as the parent would like"),
    ParentKind.FATHER: gettext_lazy("Is a father, as the parent would like"),
    ParentKind.CARER: gettext_lazy("Is another carer, as the parent would like"),
}
_OTHER_KIND: Mapping[str, Words] = {
    ParentKind.MOTHER: gettext_lazy("Is a mother; the parent would rather talk with somebody else"),
    ParentKind.FATHER: gettext_lazy("Is a father; the parent would rather talk with somebody else"),
    ParentKind.CARER: gettext_lazy("Is another carer; the parent would rather talk with somebody else"),
}


def listed(parts: Sequence[Any]) -> str:
    """`parts` as people say them: "1, 2 and 4"."""
    words = [str(part) for part in parts]
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def languages(codes: Sequence[str]) -> str:
    """Languages as the page calls them: "Turkish and Arabic"."""
    return listed([language.called for language in spoken(codes)])


def _same_grade(params: Params) -> str:
    if len(params["grades"]) == 1:
        return _("Has a child in grade %(grade)s") % {"grade": params["grades"][0]}
    return _("Has a child in the same grade")


def _near_grade(params: Params) -> str:
    if len(params["grades"]) == 1:
        return _("Has a child in grade %(grade)s") % {"grade": params["grades"][0]}
    return _("Has a child one grade higher or lower")


# One line for every code and level that a preference can give.
_PREFERENCES: Mapping[tuple[str, int], Callable[[Params], str]] = {
    ("language", 1): lambda p: _("Also speaks %(languages)s") % {"languages": languages(p["languages"])},
    ("language", -2): lambda p: _("No common language known"),
    ("feedback", 1): lambda p: _("A colleague finds them a good match"),
    ("feedback", -1): lambda p: _("A colleague doubts whether they match"),
    ("feedback", -3): lambda p: _("A colleague thinks that they do not match"),
    ("several_children", 1): lambda p: _("Has %(count)s children at this school") % {"count": p["count"]},
    ("wish", 1): lambda p: str(_KIND[p["kind"]]),
    ("wish", -1): lambda p: str(_OTHER_KIND[p["kind"]]),
    ("grade", 2): _same_grade,
    ("grade", 1): _near_grade,
    ("same_class", -1): lambda p: _("Child in the same group: discuss whether that is pleasant"),
}

# The same preferences as a school weighs them.
_WEIGHED: Mapping[str, Words] = {
    "language": gettext_lazy("They share a language beside Dutch"),
    "feedback": gettext_lazy("A colleague finds them a good match"),
    "several_children": gettext_lazy("The buddy has more children at school (for new families)"),
    "wish": gettext_lazy("The buddy is a mother or a father, as the parent would like"),
    "grade": gettext_lazy("Their children are in the same grade, or nearly"),
    "same_class": gettext_lazy("Their children are not in the same group (for sensitive subjects)"),
}


def preference(code: str) -> str:
    """A preference as a school weighs it. Raises KeyError for one that has no words."""
    return str(_WEIGHED[code])


def reason(found: Reason) -> str:
    """What speaks for a candidate, or asks attention. Raises KeyError for a rule that has no words."""
    return _PREFERENCES[found.code, found.level](found.params)


def excluded(found: Reason) -> str:
    """Why somebody cannot be asked. Raises KeyError for a rule that has no words."""
    return str(_EXCLUDED[found.code])


def missing(found: Missing) -> str:
    """Why there is nobody for those who ask, and how many they are: "Nobody speaks Tigrinya. 3 parents wait." Raises
    KeyError for a rule that has no words."""
    wait = ngettext("%(count)s parent waits.", "%(count)s parents wait.", len(found.askers))
    return f"{nobody(found)} {wait % {'count': len(found.askers)}}"


def nobody(found: Missing) -> str:
    """Why there is nobody. Raises KeyError for a rule that has no words."""
    if found.code == "masters_both" and found.params:
        why = gettext_lazy("Nobody who knows this subject speaks both Dutch and %(languages)s.")
        return str(why) % {"languages": languages(found.params["languages"])}
    return str(_MISSING[found.code])


def advice(found: Missing) -> str:
    """What helps when there is nobody for one request, the surest thing first. Raises KeyError for a rule that has no
    words."""
    return str(_ADVICE[found.code])


def tip(theme: Theme | None, shared: Sequence[str], *, formal: bool) -> str:
    """What the parent is told first (R3): another parent of this school, and for the language theme the language;
    never a name, a group, or whether it is a mother or a father. `shared` are the languages both speak."""
    # Written out for each form of address: the catalogue is made from the words in the code.
    if theme is not None and theme.code == BuiltIn.LANGUAGE and shared:
        words = (
            pgettext(
                "formal",
                "“There is another parent of our school who knows this, who speaks %(language)s too, and who would "
                "like to think along. Would you like to meet this parent? No is a good answer too.”",
            )
            if formal
            else _(
                "“There is another parent of our school who knows this, who speaks %(language)s too, and who would "
                "like to think along. Would you like to meet this parent? No is a good answer too.”"
            )
        )
        return words % {"language": languages(shared)}
    return (
        pgettext(
            "formal",
            "“There is another parent of our school who knows this and would like to think along. Would you like to "
            "meet this parent? No is a good answer too.”",
        )
        if formal
        else _(
            "“There is another parent of our school who knows this and would like to think along. Would you like to "
            "meet this parent? No is a good answer too.”"
        )
    )


def tip_for(match: Match, *, formal: bool) -> str:
    """The tip about `match`, of which the request's theme and both parents are read."""
    shared = (match.parent.spoken & match.buddy_parent.spoken) - {"nl"}
    return tip(match.request.theme, sorted(shared), formal=formal)


def aloud(theme: Theme) -> str:
    """What `theme` is called in a sentence that is said aloud; one with a name of the school's own goes by that."""
    if theme.name:
        return _("the subject “%(theme)s”") % {"theme": theme.name}
    return str(_SPOKEN[theme.code])


def question_for_buddy(theme: Theme | None, *, formal: bool) -> str:
    """What the buddy is asked, after the parent's yes; nothing is proposed without a theme."""
    assert theme is not None
    words = (
        pgettext(
            "formal",
            "“A parent of our school would like to talk with somebody who knows this. It is about %(theme)s. "
            "Would you like to be that somebody? No is a good answer too, and you do not have to say why.”",
        )
        if formal
        else _(
            "“A parent of our school would like to talk with somebody who knows this. It is about %(theme)s. "
            "Would you like to be that somebody? No is a good answer too, and you do not have to say why.”"
        )
    )
    return words % {"theme": aloud(theme)}
