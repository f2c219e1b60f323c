"""The school app: schools, staff, families, and the project's settings."""

from allauth.account.signals import password_changed, password_reset, password_set
from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SchoolConfig(AppConfig):
    """Registers what happens by itself: the audit triggers are put back after each migration; what signing in and a
    new password mean for sessions, limits and the log. Without usable FIELD_KEYS nothing starts."""

    name = "school"
    verbose_name = _("school")

    def ready(self) -> None:
        from . import accounts, audit, fields, sessions, sign_in_log

        fields.cipher()
        post_migrate.connect(audit.install_triggers, sender=self)
        user_logged_in.connect(sessions.begin)
        for signal in (password_changed, password_set, password_reset):
            signal.connect(sessions.end_others)
        password_reset.connect(accounts.open_again)
        sign_in_log.connect()
