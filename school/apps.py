"""The school app: schools, staff, families, and the project's settings."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SchoolConfig(AppConfig):
    """Registers the audit triggers to be put back after each migration, and the log of signing in."""

    name = "school"
    verbose_name = _("school")

    def ready(self) -> None:
        from . import audit, sign_in_log

        post_migrate.connect(audit.install_triggers, sender=self)
        sign_in_log.connect()
