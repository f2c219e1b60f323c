"""What the actions of a meeting refuse, besides what `buddies.actions.errors` has for all."""

from django.utils.translation import gettext_lazy as _

from buddies.actions.errors import Refused


class OwnChild(Refused):
    """The meeting would be about a child of the member's own (invariant 5)."""

    message = _("This is your own child. Ask a colleague to hold this meeting.")


class TooLongAgo(Refused):
    """The moment is past: preparing makes no sense any more."""

    message = _("This moment is past. Choose a moment from today on.")


class TooFarAhead(Refused):
    """Nobody plans that far; it is a slip of the keyboard."""

    message = _("This moment is more than a year ahead. Look at the date again.")


class StillToCome(Refused):
    """There is nothing to look back on yet."""

    message = _("This meeting is still to come. Look back once it has been.")


class TooManyQuestions(Refused):
    """A meeting has as many questions as fit in it and on its paper."""

    message = _("There are fifteen questions already; more do not fit in one meeting. First take one away.")
