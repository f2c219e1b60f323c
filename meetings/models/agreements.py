"""What a school agreed about its meetings: the minutes that others take, and what it made of the checklist."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from school.models import SchoolOwned

from ..checklist import FIRST, NOT_KNOWN, Own, Phase, When
from ..planning import USUAL, Extra

# "T10", or the number of a school's own point.
LONGEST_CODE = 20
# A parent who hears sensitive news needs some minutes; longer than an hour is a slip of the keyboard.
SHORTEST_ALONE, LONGEST_EXTRA = 5, 60


def _minutes(label: Any, usual: int, least: int = 0) -> Any:
    return models.PositiveSmallIntegerField(
        label,
        default=usual,
        validators=[MinValueValidator(least), MaxValueValidator(LONGEST_EXTRA)],
    )


class Agreements(SchoolOwned):
    """How many minutes this school reserves beside what a teacher usually takes. Without a row: as most do."""

    buddy_minutes = _minutes(_("extra minutes for each buddy"), USUAL.buddy)
    interpreter_minutes = _minutes(_("extra minutes with an interpreter"), USUAL.interpreter)
    alone_minutes = _minutes(
        _("minutes with the parent alone before sensitive news"), USUAL.alone, SHORTEST_ALONE
    )
    revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta(SchoolOwned.Meta):
        verbose_name = _("agreements about meetings")
        verbose_name_plural = _("agreements about meetings")
        constraints = [
            *SchoolOwned.Meta.constraints,
            models.UniqueConstraint(fields=["school"], name="agreements_once"),
            models.CheckConstraint(
                condition=Q(
                    buddy_minutes__lte=LONGEST_EXTRA,
                    interpreter_minutes__lte=LONGEST_EXTRA,
                    alone_minutes__gte=SHORTEST_ALONE,
                    alone_minutes__lte=LONGEST_EXTRA,
                ),
                name="agreements_minutes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_id}"

    @property
    def extra(self) -> Extra:
        """The minutes as planning takes them."""
        return Extra(self.buddy_minutes, self.interpreter_minutes, self.alone_minutes)


class OwnPoint(SchoolOwned):
    """A point that a school adds to the checklist; it says nothing about anybody. `after` is the point of the guide it
    comes after in its phase, `position` its place among those after the same one."""

    phase = models.CharField(_("when is it read"), max_length=6, choices=[(p.value, p.value) for p in Phase])
    when = models.CharField(_("for which meetings"), max_length=1, choices=[(w.value, w.value) for w in When])
    do = models.CharField(_("what to do"), max_length=120)
    why = models.CharField(_("why"), max_length=120, blank=True)
    say = models.CharField(_("a sentence to say"), max_length=160, blank=True)
    after = models.CharField(max_length=3, blank=True, editable=False)
    position = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta(SchoolOwned.Meta):
        verbose_name = _("point of the school")
        verbose_name_plural = _("points of the school")
        ordering = ("position", "pk")
        constraints = [
            *SchoolOwned.Meta.constraints,
            models.UniqueConstraint(fields=["school", "phase", "do"], name="ownpoint_once"),
            models.CheckConstraint(
                condition=Q(phase__in=[phase.value for phase in Phase], when__in=[w.value for w in When]),
                name="ownpoint_known",
            ),
            *(
                models.CheckConstraint(
                    condition=~Q(phase=phase.value) | ~Q(when__in=sorted(when.value for when in later)),
                    name=f"ownpoint_known_{phase}",
                )
                for phase, later in NOT_KNOWN.items()
                if later
            ),
        ]

    def __str__(self) -> str:
        return self.do

    @property
    def code(self) -> str:
        """What it is called among the points of the guide."""
        return f"E{self.pk}"

    @property
    def place(self) -> str:
        """Where it stands among the others: another one once it moved."""
        return f"{self.after}.{self.position}"

    @property
    def own(self) -> Own:
        """This point as the checklist takes it."""
        return Own(self.code, Phase(self.phase), When(self.when), self.after)


class HiddenPoint(SchoolOwned):
    """A point of the guide, or of the school's own, that does not appear at this school."""

    item = models.CharField(max_length=LONGEST_CODE)

    class Meta(SchoolOwned.Meta):
        verbose_name = _("hidden point")
        verbose_name_plural = _("hidden points")
        constraints = [
            *SchoolOwned.Meta.constraints,
            models.UniqueConstraint(fields=["school", "item"], name="hiddenpoint_once"),
            models.CheckConstraint(condition=~Q(item=FIRST), name="hiddenpoint_never_alone_first"),
        ]

    def __str__(self) -> str:
        return self.item
