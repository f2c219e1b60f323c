"""What happened at the demo school these past months: a request in every state."""

from __future__ import annotations

from buddies.actions import consents, matches, newcomers, pool, requests
from buddies.actions.matches import Connection
from buddies.actions.newcomers import Told
from buddies.models import (
    Buddy,
    CheckAnswer,
    CheckIn,
    ClickReason,
    CloseReason,
    EndReason,
    Match,
    Method,
    OfferAnswer,
    Origin,
    Outcome,
    Siblings,
    SupportRequest,
    TipGiver,
    Way,
)
from buddies.models import Person as With

from .asking import ASKING, REFUSED, Asking
from .world import World

SAME, AGE, LANGUAGE = ClickReason.SAME_EXPERIENCE, ClickReason.SAME_AGE, ClickReason.SAME_LANGUAGE
KNOW, HUMOUR = ClickReason.KNOW_BOTH, ClickReason.SAME_HUMOUR


class Story:
    """The requests of one school by the keys of `asking`, and what the coordinators do about them."""

    def __init__(self, world: World, buddies: dict[str, Buddy]) -> None:
        self.world, self.buddies, self.on = world, buddies, world.diary.on
        self.requests = {key: self._signal(asking) for key, asking in ASKING.items()}

    def tell(self) -> None:
        """Let everything happen; what ended first, as it took the places that others take now."""
        self._refused()
        self._ended()
        self._running()
        self._being_asked()
        self._searching()

    def _refused(self) -> None:
        with self.on(20, 60):
            about = requests.About(self.world.details(REFUSED), self.world.child_of(REFUSED))
            by = self.world.members["annelies"]
            requests.refuse(about=about, by=by, submission=self.world.submission())

    def _ended(self) -> None:
        """Completed twice, withdrawn, and helped elsewhere."""
        self._take_up("angelique", 127)
        match = self._propose("angelique", "peter", 124, SAME, HUMOUR)
        self._agree(match, 122, 120)
        self._connect(match, 119, Connection(Way.INTRODUCED, teacher_may_know=True))
        self._check_in(match, 77, CheckAnswer.FINE, CheckAnswer.FINE)
        self._complete(match, 30, Outcome.HELPED)

        self._take_up("ewa", 148)
        match = self._propose("ewa", "anna", 146, LANGUAGE)
        with self.on(145):
            connection = Connection(Way.PARENT_CONTACTS, buddy_shares_contact=True)
            matches.all_discussed(
                match=match, connection=connection, method=Method.CONVERSATION, by=match.recorded_by
            )
        self._check_in(match, 102, CheckAnswer.FINE, CheckAnswer.ATTENTION)
        self._complete(match, 60, Outcome.PARTLY)

        self._take_up("manon", 33)
        self._propose("manon", "michael", 30, SAME)
        consent = self.requests["manon"].search_consent
        assert consent is not None  # it was discussed
        with self.on(26):
            consents.withdraw(consent=consent, by=self.world.members["ib"])

        self._take_up("denise", 45)
        with self.on(40):
            requests.close(
                request=self.requests["denise"], reason=CloseReason.REFERRED, by=self.world.members["ib"]
            )

    def _running(self) -> None:
        """Connected last week, due for a call, and to be rounded off."""
        self._take_up("marta", 22)
        match = self._propose("marta", "katarzyna", 20, LANGUAGE, AGE)
        self._agree(match, 16, 14)
        self._connect(
            match, 8, Connection(Way.INTRODUCED, first_meeting_on=self.world.diary.moment(6).date())
        )

        self._take_up("wesley", 60)
        match = self._propose("wesley", "erik", 57, SAME, words="Twee rustige vaders met gevoel voor humor.")
        self._agree(match, 52, 49)
        self._connect(match, 45, Connection(Way.PARENT_CONTACTS, True, True))

        self._take_up("laura", 74)
        match = self._propose("laura", "tim", 72, AGE, KNOW)
        self._agree(match, 69, 66)
        self._connect(match, 64, Connection(Way.INTRODUCED))
        self._check_in(match, 3, CheckAnswer.STOP, CheckAnswer.FINE)

    def _being_asked(self) -> None:
        """Every step between a proposal and two parents who meet."""
        self._take_up("bianca", 3)
        self._propose("bianca", "linda", 1, SAME, HUMOUR)

        self._take_up("mehtap", 6)
        self._ask_parent(self._propose("mehtap", "ozlem", 3, SAME, LANGUAGE), 2, TipGiver.SIGNALLER)

        self._take_up("naima", 14)
        self._ask_parent(self._propose("naima", "fatima", 12, SAME, LANGUAGE), 9, TipGiver.COORDINATOR)

        self._take_up("letebrhan", 8)
        match = self._propose("letebrhan", "selam", 5, LANGUAGE)
        self._parent_yes(match, 1, Method.INTERPRETER)

        self._take_up("lotte", 12)
        match = self._propose("lotte", "monique", 10, SAME, KNOW)
        self._parent_yes(match, 6)
        with self.on(3):
            matches.ask_buddy(match=match, by=match.recorded_by)

        self._take_up("yasmin", 16)
        match = self._propose("yasmin", "femke", 14, HUMOUR, words="Allebei kordaat en hartelijk.")
        self._agree(match, 9, 2)

    def _searching(self) -> None:
        """One for whom the first proposal came to nothing, one whom two colleagues signalled."""
        self._take_up("chantal", 15)
        match = self._propose("chantal", "monique", 13, SAME)
        self._ask_parent(match, 12, TipGiver.COORDINATOR)
        with self.on(9):
            matches.did_not_proceed(match=match, reason=EndReason.PARENT_NO, by=match.recorded_by)

        self._take_up("hatice", 7)
        again, first = ASKING["hatice"], self.requests["hatice"]
        with self.on(6, 200):
            about = requests.About(self.world.details(again.person), self.world.child_of(again.person))
            second = requests.signal(
                about=about,
                wanted=requests.Wanted(first.theme),
                by=self.world.members["tineke"],
                submission=self.world.submission(),
            )
        with self.on(5):
            requests.link_parent(
                request=second.request, parent=first.parent, by=self.world.arranges(again.theme)
            )

    def _signal(self, asking: Asking) -> SupportRequest:
        wanted = None
        if asking.theme is not None:
            theme = self.world.themes.get(asking.theme)
            wanted = requests.Wanted(theme, asking.note, asking.wish, asking.method, asking.outside_class)
        if asking.origin is Origin.INTAKE:
            return self._offer(asking)
        with self.on(asking.days_ago, asking.days_ago * 17 % 240):
            return requests.signal(
                about=requests.About(self.world.details(asking.person), self.world.child_of(asking.person)),
                wanted=wanted,
                by=self.world.members[asking.by],
                submission=self.world.submission(),
            ).request

    def _offer(self, asking: Asking) -> SupportRequest:
        """A new family that said yes before anybody was in mind."""
        with self.on(asking.days_ago, 90):
            offer = newcomers.offer(
                child=self.world.child_of(asking.person),
                told=Told(self.world.details(asking.person), siblings=Siblings.NO, method=asking.method),
                in_mind=None,
                by=self.world.members[asking.by],
                submission=self.world.submission(),
                answer=OfferAnswer.YES,
            )
        assert offer.request is not None  # they said yes
        return offer.request

    def _take_up(self, key: str, days_ago: int) -> None:
        """The coordinator opens the request and sees who the parent is."""
        asking, request = ASKING[key], self.requests[key]
        by = self.world.arranges(asking.theme)
        known = self.world.members[asking.colleague].parent if asking.colleague else None
        with self.on(days_ago, 120):
            if known is None:
                requests.confirm_parent(request=request, by=by)
            else:
                self.requests[key] = requests.link_parent(request=request, parent=known, by=by)
            if asking.background:
                pool.set_background(
                    parent=request.parent, words=asking.background, method=asking.method, by=by
                )

    def _propose(self, key: str, buddy: str, days_ago: int, *reasons: ClickReason, words: str = "") -> Match:
        with self.on(days_ago, 150):
            return matches.propose(
                request=self.requests[key],
                buddy=self.buddies[buddy],
                click_reasons=reasons,
                click_words=words,
                by=self.world.arranges(ASKING[key].theme),
                submission=self.world.submission(),
            )

    def _ask_parent(self, match: Match, days_ago: int, tip_giver: TipGiver) -> None:
        with self.on(days_ago, 180):
            matches.ask_parent(match=match, tip_giver=tip_giver, by=match.recorded_by)

    def _parent_yes(self, match: Match, days_ago: int, method: Method = Method.CONVERSATION) -> None:
        with self.on(days_ago, 190):
            matches.record_parent_yes(match=match, method=method, by=match.recorded_by)

    def _agree(self, match: Match, parent_days_ago: int, buddy_days_ago: int) -> None:
        """The parent says yes, and then the buddy."""
        self._parent_yes(match, parent_days_ago)
        with self.on(buddy_days_ago, 210):
            matches.record_buddy_yes(match=match, method=Method.PHONE, by=match.recorded_by)

    def _connect(self, match: Match, days_ago: int, connection: Connection) -> None:
        with self.on(days_ago, 60):
            matches.connect(
                match=match, connection=connection, method=Method.CONVERSATION, by=match.recorded_by
            )

    def _check_in(self, match: Match, days_ago: int, parent: CheckAnswer, buddy: CheckAnswer) -> None:
        """The coordinator calls both; who needs attention is called again two weeks later, and is fine then."""
        for person, answer in ((With.PARENT, parent), (With.BUDDY, buddy)):
            self._call(match, person, days_ago, answer)
            if answer is CheckAnswer.ATTENTION:
                self._call(match, person, days_ago - 14, CheckAnswer.FINE)

    def _call(self, match: Match, person: With, days_ago: int, answer: CheckAnswer) -> None:
        checkin = CheckIn.objects.select_related("school").get(match=match, person=person, done_at=None)
        with self.on(days_ago, 220):
            matches.record_checkin(checkin=checkin, answer=answer, by=match.recorded_by)

    def _complete(self, match: Match, days_ago: int, outcome: Outcome) -> None:
        with self.on(days_ago, 230):
            matches.complete(match=match, outcome=outcome, close_request=True, by=match.recorded_by)
