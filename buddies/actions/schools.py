"""Opening a school, and agreeing who arranges what."""

from __future__ import annotations

from django.db import transaction

from school import audit
from school.models import Membership, School, User

from ..models import BuiltIn, Organisation, Theme, ThemeCoordinator

# Sensitive within one class: worries one may not want to share at the classroom door.
_SENSITIVE = {BuiltIn.BUSY, BuiltIn.READING, BuiltIn.DIVORCE, BuiltIn.CULTURE}


@transaction.atomic
def open_school(*, name: str, slug: str, brin: str, vestiging: str = "00", by: User | None = None) -> School:
    """A new school with the six built-in themes (R16) and Home-Start to refer to (R18).

    Raises ValidationError when the slug is taken or reserved, or the BRIN is none.
    """
    school = School(name=name, slug=slug, brin=brin, vestiging=vestiging, languages=["nl"])
    school.full_clean()
    school.save()
    Theme.objects.bulk_create(
        Theme(school=school, code=code, position=position, sensitive=code in _SENSITIVE)
        for position, code in enumerate(code for code in BuiltIn if code)
    )
    Organisation.objects.create(
        school=school,
        name="Home-Start",
        about="Vrijwilligers met opvoedervaring komen thuis bij gezinnen met jonge kinderen (Humanitas).",
        website="https://www.home-start.nl",
    )
    audit.record("school.open", school, by=by, school=school)
    return school


@transaction.atomic
def set_coordinator(
    *, theme: Theme, membership: Membership, by: Membership | User | None, deputy: bool = False
) -> None:
    """From now on `membership` arranges `theme`, or stands in (R6). Who held that place gives it up."""
    ThemeCoordinator.objects.filter(theme=theme, membership=membership).delete()
    ThemeCoordinator.objects.filter(theme=theme, deputy=deputy).delete()
    ThemeCoordinator.objects.create(
        school_id=theme.school_id, theme=theme, membership=membership, deputy=deputy
    )
    audit.record("theme.coordinator", theme, by=by, school=membership.school)
