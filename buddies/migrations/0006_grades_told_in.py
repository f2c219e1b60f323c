from typing import Any

from django.db import migrations, models
from django.db.models import Case, Value, When
from django.db.models.functions import ExtractYear


def when_the_buddy_was_added(apps: Any, schema_editor: object) -> None:
    """Nobody wrote down when the grades were told, so they are as old as the buddy; a school year begins in August."""
    year = ExtractYear("created_at") - Case(When(created_at__month__lt=8, then=Value(1)), default=Value(0))
    apps.get_model("buddies", "Buddy").objects.update(grades_told_in=year)


class Migration(migrations.Migration):

    dependencies = [
        ('buddies', '0005_opinions'),
    ]

    operations = [
        migrations.AddField(
            model_name='buddy',
            name='grades_told_in',
            field=models.PositiveSmallIntegerField(editable=False, null=True),
        ),
        migrations.RunPython(when_the_buddy_was_added, migrations.RunPython.noop),
    ]
