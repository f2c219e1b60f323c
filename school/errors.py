"""What an action of this app refuses. Each has a sentence for the member who tried."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """The action was not done and nothing has changed; `message` says why, to a member."""

    message: str | Promise = _("This is not possible any more. Look at the page again.")
    # The field of a form at which the message stands; without it, or in a form without that field, above the form.
    field: str | None = None


class Changed(Refused):
    """Somebody else changed the row since the form was opened."""

    message = _("Somebody else changed this in the meantime.")


class Yourself(Refused):
    """Nobody decides about their own access."""

    message = _("You cannot change this for yourself. A colleague does that.")


class MayNotGiveRoles(Refused):
    """Giving roles takes a permission of its own."""

    message = _("Only a director gives roles.")


class OnlyADirectorLinks(Refused):
    """It would close to a colleague what they arrange, take over or watch."""

    message = _(
        "Only a director can say of which child this colleague is a parent: it closes to them what they arrange, "
        "take over or see in the log."
    )


class LastDirector(Refused):
    """Without a director nobody could give roles any more."""

    message = _("This is the only director. First make somebody else director, without a last day.")


class NotHereAnyMore(Refused):
    """Who decides lost the right to while they did."""

    message = _("You may not do this any more. A colleague changed your roles or your last day.")


class NobodyTakesOver(Refused):
    """What is open would wait on nobody."""

    message = _("Choose who takes over what is still open.")


class CannotTakeOver(Refused):
    """The successor is not there on that day, may not do this, or would be given access by themselves."""

    message = _("This colleague cannot take this over. Choose somebody else.")


class WorksHere(Refused):
    """The e-mail address is that of a member of this school, present or past."""

    field = "email"
    message = _(
        "This colleague is in the team already. Did they leave? Then clear the last day on their page."
    )


class NameTaken(Refused):
    """Two groups of one school year have different names."""

    field = "name"
    message = _("There is a group of this name already this school year.")


class GroupHasPupils(Refused):
    """Pupils would be left without a group."""

    message = _("There are pupils in this group. A group can only be removed when it is empty.")
