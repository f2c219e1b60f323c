"""The meetings app: teacher, parent and buddy around one table."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    """Holds no start-up code."""

    name = "meetings"
    verbose_name = _("meetings")
