"""The buddies app: the pool, the requests and the matches."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BuddiesConfig(AppConfig):
    """Holds no start-up code."""

    name = "buddies"
    verbose_name = _("buddies")
