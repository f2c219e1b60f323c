"""A school in which everything is going on, for tests that need a row of every kind."""

from __future__ import annotations

from datetime import date
from functools import partial
from uuid import uuid4

from django.db import models

from buddies.actions import links, matches, newcomers, opinions, pool, requests, totals
from buddies.actions.schools import open_school, set_coordinator
from buddies.links.keys import new_key
from buddies.models import (
    AccessSeen,
    Background,
    Buddy,
    BuiltIn,
    Care,
    CheckAnswer,
    CheckIn,
    ClickReason,
    CloseReason,
    Consent,
    DoNotAsk,
    EndReason,
    Experience,
    Judgement,
    KeptApart,
    LinkAnswer,
    Match,
    Measure,
    Method,
    NewcomerOffer,
    OfferAnswer,
    Organisation,
    Outcome,
    Person,
    PersonalLink,
    Purpose,
    Referral,
    ReferralStatus,
    SharedRequest,
    Signal,
    SupportRequest,
    Theme,
    ThemeCoordinator,
    Verdict,
    Weight,
    WhyApart,
    YearTotal,
)
from buddies.workflow import MatchStatus
from school import clock
from school.actions import ClassListRow, ParentDetails, create_parent, load_class_list
from school.models import Child, Group, Membership, Parent
from school.roles import Role

from ..cast import AddBuddy, Proposed, Signalled, member

DAY = date(2026, 11, 2)


class Place:
    """A school in which everything is going on, made with the actions of the product."""

    def __init__(self, slug: str, brin: str) -> None:
        school = open_school(name=slug, slug=slug, brin=brin)
        load_class_list(school=school, rows=[ClassListRow("Sem", "4B", (4, 4))], by=None)
        self.group = Group.objects.get(school=school)
        self.child = Child.objects.get(school=school)
        self.ib = member(school, "Ineke", Role.INTERN_BEGELEIDER)
        self.teacher = member(school, "Tom", Role.TEACHER)
        self.reading, self.divorce = Theme.objects.filter(
            school=school, code__in=["reading", "divorce"]
        ).order_by("-code")
        self.own_theme = Theme.objects.create(school=school, name="Hoogbegaafd")
        set_coordinator(theme=self.reading, membership=self.ib, by=None)
        set_coordinator(theme=self.reading, membership=self.teacher, by=None, deputy=True)
        self.coordinator = ThemeCoordinator.objects.get(theme=self.reading, deputy=False)
        self.deputy = ThemeCoordinator.objects.get(theme=self.reading, deputy=True)
        self.stranger = create_parent(school=school, details=ParentDetails("Peter"))
        self.organisation = Organisation.objects.create(school=school, name="Buurtteam")
        self._requests()
        self._pool()
        self._matches()
        self._newcomers()
        self._totals()
        self._links()
        self._shared()
        self._opinions()

    def _requests(self) -> None:
        signalled = Signalled(self.teacher, self.ib)
        self.undiscussed = signalled(discussed=False, child=self.child)
        self.open = signalled(self.reading, note="wil graag praten", child=self.child)
        self.other_open = signalled(self.reading)
        self.closed = signalled(self.divorce)
        requests.close(request=self.closed, reason=CloseReason.NOT_NEEDED, by=self.ib)
        self.signal = Signal.objects.get(request=self.open)
        self.no = requests.refuse(
            about=requests.About(ParentDetails("Wim")), by=self.teacher, submission=uuid4()
        )
        self.referral = Referral.objects.create(
            school=self.ib.school,
            recorded_by=self.ib,
            request=self.open,
            organisation=self.organisation,
            status=ReferralStatus.DISCUSSED,
            discussed_at=clock.now(),
        )

    def _pool(self) -> None:
        add = AddBuddy(self.ib)
        self.buddy = add([self.reading, self.divorce], first_name="Linda", capacity=3)
        self.free_buddy = add(self.reading, first_name="Samira")
        self.suggested = pool.suggest(details=ParentDetails("Kees"), by=self.teacher, submission=uuid4())
        for buddy in (self.buddy, self.free_buddy):
            pool.set_background(parent=buddy.parent, words="Twents", method=Method.PHONE, by=self.ib)
        self.experience = Experience.objects.get(buddy=self.buddy, theme=self.reading)
        self.second_experience = Experience.objects.get(buddy=self.buddy, theme=self.divorce)
        self.background = Background.objects.get(parent=self.buddy.parent)
        self.name_consent = self.consent(self.buddy.parent, Purpose.DISCLOSE_NAME)

    def _matches(self) -> None:
        propose = Proposed(AddBuddy(self.ib), Signalled(self.teacher, self.ib), self.ib)
        match = partial(propose, buddy=None)
        to_reading = Signalled(self.teacher, self.ib)
        self.proposed = propose(to_reading(self.reading), self.buddy)
        self.second_proposed = propose(to_reading(self.reading), self.buddy)
        self.waiting_for_parent = match(status=MatchStatus.WAITING_FOR_PARENT)
        self.waiting_for_buddy = match(status=MatchStatus.WAITING_FOR_BUDDY)
        self.agreed = match(status=MatchStatus.AGREED)
        self.connected = match(status=MatchStatus.CONNECTED)
        self.completed = match(status=MatchStatus.CONNECTED)
        matches.complete(match=self.completed, outcome=Outcome.HELPED, close_request=False, by=self.ib)
        self.ended = match()
        matches.did_not_proceed(match=self.ended, reason=EndReason.NO_CLICK, by=self.ib)
        self.checkin, self.done_checkin = CheckIn.objects.filter(match=self.connected).order_by("pk")
        matches.record_checkin(checkin=self.done_checkin, answer=CheckAnswer.FINE, by=self.ib)
        self.done_checkin.refresh_from_db()
        self.second_checkin = CheckIn.objects.create(
            school=self.ib.school, match=self.connected, person=self.checkin.person, due_on=DAY
        )

    def _newcomers(self) -> None:
        newcomer = Theme.objects.get(school=self.ib.school, code=BuiltIn.NEWCOMER)
        offer = partial(newcomers.offer, by=self.ib)
        self.guide = AddBuddy(self.ib)(newcomer, first_name="Wijs")
        in_mind = newcomers.InMind(self.guide, [ClickReason.KNOW_BOTH])
        told = newcomers.Told(ParentDetails("Nieuw"))
        self.offer = offer(child=self.child, told=told, in_mind=in_mind, submission=uuid4())
        self.other_child = Child.objects.create(school=self.ib.school, first_name="Noor", start_date=DAY)
        at_both_homes = partial(offer, child=self.other_child, told=told, in_mind=None)
        self.offer_no = at_both_homes(home=1, answer=OfferAnswer.NO, submission=uuid4())
        self.offer_yes = at_both_homes(home=2, answer=OfferAnswer.YES, submission=uuid4())

    def _totals(self) -> None:
        for measure, theme in [
            (Measure.SIGNALS, self.reading),
            (Measure.SIGNALS, self.divorce),
            (Measure.WEEK, None),
            (Measure.MONTH, None),
        ]:
            totals.count(school=self.ib.school, year=2025, measure=measure, theme=theme)
        self.total, self.second_total, self.bare_total, self.second_bare_total = YearTotal.objects.filter(
            school=self.ib.school
        ).order_by("pk")

    def _links(self) -> None:
        linked = Proposed(AddBuddy(self.ib), Signalled(self.teacher, self.ib), self.ib)(
            status=MatchStatus.WAITING_FOR_PARENT
        )
        make = partial(links.make_link, match=linked, language="nl", by=self.ib)
        self.link = make(person=Person.PARENT, ticket=links.Ticket(new_key()))
        links.answer_by_link(link=self.link, answer=LinkAnswer.YES, text="nl")
        self.link.refresh_from_db()
        self.buddy_link = make(person=Person.BUDDY, ticket=links.Ticket(new_key()))

    def _shared(self) -> None:
        self.seen = AccessSeen.objects.create(
            school=self.ib.school, membership=self.teacher, until=clock.now()
        )
        self.shared, self.second_shared = (
            SharedRequest.objects.create(school=self.ib.school, request=self.open, membership=member)
            for member in (self.teacher, self.ib)
        )

    def _opinions(self) -> None:
        opinions.keep_apart(
            request=self.open, buddy=self.free_buddy, reason=WhyApart.CLASHED, until=DAY, by=self.ib
        )
        opinions.judge(request=self.open, buddy=self.free_buddy, verdict=Verdict.GOOD, by=self.ib)
        opinions.judge(request=self.open, buddy=self.free_buddy, verdict=Verdict.NO, by=self.teacher)
        self.apart = KeptApart.objects.get(request=self.open)
        self.judgement, self.second_judgement = Judgement.objects.filter(request=self.open).order_by("pk")
        self.weight, self.second_weight = (
            Weight.objects.create(school=self.ib.school, code=code, importance=Care.IMPORTANT)
            for code in ("wish", "grade")
        )

    def consent(self, parent: Parent, purpose: Purpose) -> Consent:
        """The consent that `parent` gave for `purpose`."""
        return Consent.objects.get(parent=parent, purpose=purpose)

    def row(self, model: type[models.Model]) -> models.Model:
        """A row of `model` of which every key is free to be changed."""
        rows: dict[type[models.Model], models.Model] = {
            AccessSeen: self.seen,
            Background: self.background,
            Buddy: self.free_buddy,
            CheckIn: self.done_checkin,
            Child: self.child,
            DoNotAsk: self.no,
            Experience: self.experience,
            Group: self.group,
            Judgement: self.judgement,
            KeptApart: self.apart,
            Match: self.agreed,
            Membership: self.ib,
            NewcomerOffer: self.offer_yes,
            Organisation: self.organisation,
            Parent: self.stranger,
            PersonalLink: self.link,
            Referral: self.referral,
            SharedRequest: self.shared,
            Signal: self.signal,
            SupportRequest: self.open,
            Theme: self.own_theme,
            ThemeCoordinator: self.coordinator,
            Weight: self.weight,
            YearTotal: self.total,
        }
        return rows[model]

    def consent_with(self, field: str) -> Consent:
        """A consent about a theme, a request or a match (of the parent, or the buddy's); for other keys any."""
        kinds = {
            "theme": self.experience.consent,
            "request": self.open.search_consent,
            "match": self.agreed.parent_yes,
            "buddy": self.agreed.buddy_yes,
        }
        consent = kinds.get(field, self.name_consent)
        assert consent is not None
        return consent
