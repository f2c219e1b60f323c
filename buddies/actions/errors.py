"""What an action refuses. Each has a sentence for the member who tried."""

from django.utils.translation import gettext_lazy as _

from school.errors import Refused as Refused


class BuddyFull(Refused):
    """Every place of the buddy is taken (invariant 4)."""

    message = _("This buddy was just asked for another parent. Choose somebody else.")


class RequestHasMatch(Refused):
    """The request has a live match already (invariant 4)."""

    message = _("Somebody has been proposed for this request already.")


class NotACandidate(Refused):
    """A hard rule of matching excludes this buddy."""

    message = _("This buddy cannot be asked for this request any more. Choose somebody else.")


class NoTheme(Refused):
    """Nothing can be proposed without a theme."""

    message = _("First choose what the request is about.")


class WrongMoment(Refused):
    """The step does not follow on where things stand; somebody else was probably first."""

    message = _("Somebody has already taken this step. This is how things stand now.")


class ContactNotShared(Refused):
    """The parent is to make contact, but the buddy's contact details may not be given (invariant 3)."""

    message = _("The parent can only make contact if the buddy agrees to share contact details.")


class HasLiveMatch(Refused):
    """The request cannot be closed while somebody is being asked or connected."""

    message = _("First end the match that is under way.")


class CapacityTooLow(Refused):
    """The new capacity is below the number of parents the buddy helps now."""

    message = _("This buddy already helps more parents than that.")


class AlreadyABuddy(Refused):
    """The parent is a buddy, or was suggested as one, already."""

    message = _("This parent is in the list of buddies already.")


class AlreadyOffered(Refused):
    """This parent was offered a buddy before, and nobody is asked twice (R12)."""

    message = _("A buddy has been offered here already. This is how things stand now.")
