"""What the demo school shows of matching beside the story: opinions, who is kept apart, weights, and who waits."""

from __future__ import annotations

import pytest

from buddies.children import Children, children_of
from buddies.matching import Importance
from buddies.models import Buddy, SupportRequest, Theme, Weight
from buddies.reading.distributing import divide
from buddies.reading.opinions import kept_apart, opinions
from meetings.demo import school as demo_school
from school import clock
from school.models import Membership, School

from .test_seed_demo import member


@pytest.fixture
def demo(db: None) -> School:
    return demo_school.build(1, "!")


def searching(school: School, theme: str, by: Membership) -> SupportRequest:
    """The request about `theme` on which a colleague said something."""
    found = SupportRequest.objects.visible_to(by, clock.today()).filter(judgement__isnull=False)
    return found.distinct().get(theme=Theme.objects.get(school=school, code=theme))


def test_pages_about_matching_have_something_on_them(demo: School) -> None:
    ib, bouwcoordinator, today = member(demo, "ib"), member(demo, "bouwcoordinator"), clock.today()
    for theme, by, colleagues in (("divorce", ib, 1), ("language", bouwcoordinator, 2)):
        request = searching(demo, theme, by)
        assert max(len(opinion.said) for opinion in opinions(request, by).values()) == colleagues
        assert len(kept_apart(request, by, today)) == 1
    weights = Weight.objects.filter(school=demo).values_list("importance", flat=True)
    assert Importance.IMPORTANT in weights
    assert len(divide(bouwcoordinator, today).parked) == 1
    assert SupportRequest.objects.filter(school=demo, outside_class=True).exists()
    # Also who was a buddy before the summer has children in the grades of the story.
    linda = Buddy.objects.get(school=demo, parent__last_name="Bosman")
    assert children_of(linda, today) == Children(3, frozenset({4, 6, 8}))
