"""The log of who did what, without content."""

from django.db import models


class AuditEvent(models.Model):
    """One thing somebody did or looked at (invariant 8).

    No foreign keys: an event outlives what it is about. It holds numbers, never names or words. Triggers refuse
    every change, and every deletion before `keep_until` (see `school.audit`).
    """

    school_id = models.BigIntegerField(null=True)
    actor_id = models.BigIntegerField(null=True)
    # Somebody answered through a personal link: nobody with an account, and not by itself either.
    by_link = models.BooleanField(default=False)
    action = models.CharField(max_length=60)
    target_type = models.CharField(max_length=40, blank=True)
    target_id = models.BigIntegerField(null=True)
    count = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()
    keep_until = models.DateField()

    class Meta:
        indexes = [
            models.Index(fields=["school_id", "-at"], name="audit_by_school"),
            models.Index(fields=["target_type", "target_id"], name="audit_by_target"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target_type} {self.target_id}"
