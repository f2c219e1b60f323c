"""What the actions of a meeting refuse, besides what `buddies.actions.errors` has for all."""

from django.utils.translation import gettext_lazy as _

from buddies.actions.errors import Refused


class OwnChild(Refused):
    """The meeting would be about a child of the member's own (invariant 5)."""

    message = _("This is your own child. Ask a colleague to hold this meeting.")


class TooLongAgo(Refused):
    """The moment is past: preparing makes no sense any more."""

    message = _(
        "This moment is more than a day ago. Until a day after it, you can still write a meeting down."
    )


class TooFarAhead(Refused):
    """Nobody plans that far; it is a slip of the keyboard."""

    message = _("This moment is more than a year ahead. Look at the date again.")


class StillToCome(Refused):
    """There is nothing to look back on yet."""

    message = _("This meeting is still to come. Look back once it has been.")


class TooManyQuestions(Refused):
    """A meeting has as many questions as fit in it and on its paper."""

    message = _("There are fifteen questions already; more do not fit in one meeting. First take one away.")


class NoSuchMoment(Refused):
    """The clock skips this time on the day on which summer begins."""

    message = _(
        "This time is not there on this day: the clock goes from 2 to 3 at once. Choose another time."
    )


class TwiceThatMoment(Refused):
    """The clock shows this time twice on the day on which summer ends."""

    message = _("This time is there twice on this day: the clock goes back an hour. Choose another time.")


class NotComing(Refused):
    """Whom it is about is none of the parents of this meeting, or not any more."""

    message = _("This parent does not come to this meeting, or not any more. Look below who does.")


class TooManyPoints(Refused):
    """A paper that nobody reads helps nobody."""

    message = _(
        "There are six points of your own already; with more, nobody reads the list. First remove one."
    )


class SamePoint(Refused):
    """Two points of a school in one phase say different things."""

    field = "do"
    message = _("There is a point with these words already.")


class CannotBeHidden(Refused):
    """Without it, sensitive news would be heard by somebody else first (R28)."""

    message = _(
        "This point protects the parent: sensitive news is for the parent alone first. It cannot be hidden."
    )
