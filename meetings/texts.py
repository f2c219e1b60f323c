"""The texts of the checklist: what to do, why, and a sentence a teacher may use. After a guide for teachers, with
suggestions by Afke Persoon, orthopedagoog (R38).

Teachers are "je". Parents are "u", also two of them; at a school that says "je", two are "jullie".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, npgettext_lazy, pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Words


@dataclass(frozen=True)
class Saying:
    """A sentence to a parent, where the form of address makes a difference."""

    formal: Words
    informal: Words


@dataclass(frozen=True)
class Wording:
    """The words of one point, before child, number and form of address are filled in."""

    do: Words
    why: Words
    say: Words | Saying


THE_CHILD = _("the child")
YOUR_CHILD = Saying(
    pgettext_lazy("formal", "your child"), ngettext_lazy("your child", "the child of you both", "parents")
)

# Where school may do something for a child (R29).
SCHOOL_DOES = (
    _("Reading and learning"),
    _("Behaviour"),
    _("Contact with other children"),
    _("Support outside the class"),
)

WORDS: Mapping[str, Wording] = {
    "V1": Wording(
        _("Ask whether the buddy comes along. Say that this is always fine."),
        ngettext_lazy("The parent feels supported.", "The parents feel supported.", "parents"),
        Saying(
            pgettext_lazy("formal", "“Do bring your buddy. Your buddy is always welcome.”"),
            ngettext_lazy(
                "“Do bring your buddy. Your buddy is always welcome.”",
                "“Do bring your buddy, both of you. A buddy is always welcome.”",
                "parents",
            ),
        ),
    ),
    "V2": Wording(
        ngettext_lazy(
            "Let the parent prepare questions with the buddy.",
            "Let the parents prepare questions with the buddy.",
            "parents",
        ),
        ngettext_lazy(
            "The parent comes with points of their own.",
            "The parents come with points of their own.",
            "parents",
        ),
        Saying(
            pgettext_lazy("formal", "“Talk with your buddy about what you want to ask.”"),
            ngettext_lazy(
                "“Talk with your buddy about what you want to ask.”",
                "“Talk with your buddy about what you both want to ask.”",
                "parents",
            ),
        ),
    ),
    "V3": Wording(
        ngettext_lazy(
            "Talk and mail with the parent, not through the buddy.",
            "Talk and mail with the parents, not through the buddy.",
            "parents",
        ),
        _("The buddy does not pass on messages."),
        Saying(
            pgettext_lazy("formal", "“I send the invitation to you.”"),
            ngettext_lazy(
                "“I send the invitation to you.”", "“I send the invitation to you both.”", "parents"
            ),
        ),
    ),
    "V4": Wording(
        _("Arrange enough chairs and a good room."),
        _("Everybody sits well and can talk freely."),
        _("“There is room for all of us.”"),
    ),
    "V5": Wording(
        _("Plan extra time, and watch the clock."),
        _("The buddy tells something too, or explains what you say."),
        _("“We have until %(until)s.”"),
    ),
    "T1": Wording(
        _("First make some small talk."),
        ngettext_lazy(
            "How you are puts parent and buddy at ease.",
            "How you are puts parents and buddy at ease.",
            "parents",
        ),
        Saying(
            pgettext_lazy("formal", "“Good to have you here together.”"),
            _("“Good to have you here together.”"),
        ),
    ),
    "T2": Wording(
        ngettext_lazy(
            "Begin in another way: say who is there, value the buddy, name the goal, put the parent first.",
            "Begin in another way: say who is there, value the buddy, name the goal, put the parents first.",
            "parents",
        ),
        _("With a buddy there, your usual opening does not always fit."),
        Saying(
            pgettext_lazy(
                "formal",
                "“We are here for %(child)s. Good that your buddy is here. You matter most: it is your child.”",
            ),
            ngettext_lazy(
                "“We are here for %(child)s. Good that your buddy is here. You matter most: it is your child.”",
                "“We are here for %(child)s. Good that your buddy is here. You two matter most: it is your child.”",
                "parents",
            ),
        ),
    ),
    "T3": Wording(
        _("Say that you never contact the buddy yourself."),
        ngettext_lazy(
            "The parent knows: school talks with me.", "The parents know: school talks with us.", "parents"
        ),
        Saying(
            pgettext_lazy("formal", "“Is anything the matter? Then I call you.”"),
            ngettext_lazy(
                "“Is anything the matter? Then I call you.”",
                "“Is anything the matter? Then I call you both.”",
                "parents",
            ),
        ),
    ),
    "T4": Wording(
        ngettext_lazy(
            "Talk about sensitive news with the parent alone first. Also when the buddy comes along unexpectedly.",
            "Talk about sensitive news with the parents alone first. Also when the buddy comes along unexpectedly.",
            "parents",
        ),
        _("Hearing news with somebody else there is uncomfortable."),
        Saying(
            npgettext_lazy(
                "formal",
                "“I would like to talk with you alone first.”",
                "“I would like to talk with the two of you alone first.”",
                "parents",
            ),
            ngettext_lazy(
                "“I would like to talk with you alone first.”",
                "“I would like to talk with the two of you alone first.”",
                "parents",
            ),
        ),
    ),
    "T5": Wording(
        _("Tell precisely what you do for %(child)s."),
        _("School often does more than parents know."),
        _("“On Tuesdays I read with %(child)s, just the two of us.”"),
    ),
    "T6": Wording(
        ngettext_lazy(
            "Keep the parent in charge: ask the parent, look at the parent, check how it lands.",
            "Keep the parents in charge: ask the parents, look at the parents, check how it lands.",
            "parents",
        ),
        ngettext_lazy(
            "Else the talk goes over the parent's head.",
            "Else the talk goes over the parents' heads.",
            "parents",
        ),
        Saying(
            pgettext_lazy("formal", "“What is it like for you to hear this?”"),
            ngettext_lazy(
                "“What is it like for you to hear this?”",
                "“What is it like for you both to hear this?”",
                "parents",
            ),
        ),
    ),
    "T7": Wording(
        ngettext_lazy(
            "Invite questions. Value those of the parent and of the buddy.",
            "Invite questions. Value those of the parents and of the buddy.",
            "parents",
        ),
        _("Who feels welcome thinks along."),
        Saying(
            pgettext_lazy("formal", "“Good question. You prepared well together.”"),
            _("“Good question. You prepared well together.”"),
        ),
    ),
    "T8": Wording(
        _("Feel free to say that you do not know something yet."),
        _("You need not answer at once."),
        _("“I will find out and come back to that.”"),
    ),
    "T9": Wording(
        ngettext_lazy(
            "Always put an idea of the buddy to the parent.",
            "Always put an idea of the buddy to the parents.",
            "parents",
        ),
        ngettext_lazy("The parent decides.", "The parents decide.", "parents"),
        Saying(
            pgettext_lazy("formal", "“How do you see this? You decide.”"),
            ngettext_lazy(
                "“How do you see this? You decide.”", "“How do you two see this? You decide.”", "parents"
            ),
        ),
    ),
    "T10": Wording(
        _("Be honest about what is possible."),
        ngettext_lazy(
            "When parent and buddy think the same, you feel pressure. You know what is possible at school and in your "
            "class.",
            "When parents and buddy think the same, you feel pressure. You know what is possible at school and in your "
            "class.",
            "parents",
        ),
        _("“This can be done here. That cannot.”"),
    ),
    "T11": Wording(
        _("Listen with understanding. Give the worry room, above all when you cannot meet the wish."),
        _("A ‘no’ lands better once the worry has been heard."),
        Saying(
            pgettext_lazy("formal", "“I notice that you want what is good for %(child)s.”"),
            ngettext_lazy(
                "“I notice that you want what is good for %(child)s.”",
                "“I notice that you both want what is good for %(child)s.”",
                "parents",
            ),
        ),
    ),
    "N1": Wording(
        ngettext_lazy(
            "Look back together at the end: parent, buddy, yourself.",
            "Look back together at the end: parents, buddy, yourself.",
            "parents",
        ),
        _("Everybody can say how it was."),
        Saying(
            pgettext_lazy("formal", "“How was it for you? And for you? To me it was …”"),
            _("“How was it for you? And for you? To me it was …”"),
        ),
    ),
    "N2": Wording(
        ngettext_lazy(
            "Was it not pleasant? Then you may come back to it later with the parent.",
            "Was it not pleasant? Then you may come back to it later with the parents.",
            "parents",
        ),
        _("Time lets it settle."),
        _("“Shall we talk about this some more next week?”"),
    ),
    "N3": Wording(
        _("Make a new appointment if needed. The buddy may come then too."),
        _("Nothing is left lying."),
        Saying(
            pgettext_lazy("formal", "“Shall I make an appointment? Your buddy may come then too.”"),
            ngettext_lazy(
                "“Shall I make an appointment? Your buddy may come then too.”",
                "“Shall I make an appointment for you both? Your buddy may come then too.”",
                "parents",
            ),
        ),
    ),
}

# The same points where no buddy is expected; who is not expected may still come.
WITHOUT_BUDDY: Mapping[str, Wording] = {
    "T1": Wording(
        WORDS["T1"].do,
        ngettext_lazy(
            "How you are makes the parent feel welcome.",
            "How you are makes the parents feel welcome.",
            "parents",
        ),
        Saying(
            npgettext_lazy("formal", "“Good to have you here.”", "“Good to have you both here.”", "parents"),
            ngettext_lazy("“Good to have you here.”", "“Good to have you both here.”", "parents"),
        ),
    ),
    "T4": Wording(
        ngettext_lazy(
            "Does a buddy come along unexpectedly? Talk about sensitive news with the parent alone first.",
            "Does a buddy come along unexpectedly? Talk about sensitive news with the parents alone first.",
            "parents",
        ),
        WORDS["T4"].why,
        WORDS["T4"].say,
    ),
    "T7": Wording(
        ngettext_lazy(
            "Invite questions, and value those of the parent.",
            "Invite questions, and value those of the parents.",
            "parents",
        ),
        WORDS["T7"].why,
        Saying(
            pgettext_lazy("formal", "“Good question. You prepared well.”"),
            ngettext_lazy(
                "“Good question. You prepared well.”", "“Good question. You both prepared well.”", "parents"
            ),
        ),
    ),
    "T10": Wording(
        WORDS["T10"].do,
        _("You know what is possible at school and in your class."),
        WORDS["T10"].say,
    ),
    "N1": Wording(
        ngettext_lazy(
            "Look back together at the end: parent and yourself.",
            "Look back together at the end: parents and yourself.",
            "parents",
        ),
        WORDS["N1"].why,
        Saying(
            npgettext_lazy(
                "formal",
                "“How was it for you? To me it was …”",
                "“How was it for you both? To me it was …”",
                "parents",
            ),
            ngettext_lazy(
                "“How was it for you? To me it was …”", "“How was it for you both? To me it was …”", "parents"
            ),
        ),
    ),
    "N3": Wording(
        _("Make a new appointment if needed."),
        WORDS["N3"].why,
        _("“Shall I make a new appointment?”"),
    ),
}

# "We are here for your child … it is your child" says the same twice.
WITHOUT_NAME: Mapping[str, Saying] = {
    "T2": Saying(
        pgettext_lazy(
            "formal", "“Good that your buddy is here. You matter most: we are here for your child.”"
        ),
        ngettext_lazy(
            "“Good that your buddy is here. You matter most: we are here for your child.”",
            "“Good that your buddy is here. You two matter most: we are here for your child.”",
            "parents",
        ),
    ),
}
