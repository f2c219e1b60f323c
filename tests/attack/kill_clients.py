"""Staff who work while the server is being killed: real forms over HTTP, each remembering what it was told is saved."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain, cycle
from threading import Event
from urllib.parse import urlencode
from uuid import uuid4

from school import clock
from tests.world import PASSWORD

Form = dict[str, str | list[str]]
PATIENCE = 20  # seconds


class NoAnswer(Exception):
    """The server went away, or said that something went wrong: what was sent is saved, or not."""


class Unexpected(Exception):
    """The server answered what it should not."""


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    page: str


@dataclass
class Browser:
    """A browser with cookies, on a port of this machine."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def send(self, verb: str, address: str, form: Form | None = None) -> Answer:
        """Raises NoAnswer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-CSRFToken": self.cookies.get("csrftoken", ""),
            }
        try:
            connection.request(verb, address, urlencode(form or {}, doseq=True), headers)
            response = connection.getresponse()
            page = response.read().decode()
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer from error
        finally:
            connection.close()
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _is, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        # Django says 400 when the database went away while it kept the session.
        if response.status >= 500 or response.status == 400:
            raise NoAnswer
        return Answer(response.status, response.headers.get("Location", ""), page)

    def sign_in(self, email: str) -> None:
        address = "/account/login/"
        self.send("GET", address)
        answer = self.send("POST", address, {"login": email, "password": PASSWORD})
        if answer.status != 302:
            raise Unexpected(f"{email} could not sign in: {answer.status}")


@dataclass(frozen=True)
class Write:
    """One form that was sent. `kind` and `key` say what is there once it is saved (see `kill_checks.SAVED`)."""

    kind: str
    key: str
    browser: Browser
    address: str
    form: Form

    def send(self) -> Answer:
        """Raises NoAnswer, Unexpected."""
        answer = self.browser.send("POST", self.address, self.form)
        if answer.status != 302 or "/account/" in answer.location:
            raise Unexpected(
                f"{self.kind} at {self.address}: {answer.status} {answer.location}\n{errors(answer)}"
            )
        return answer


def errors(answer: Answer) -> str:
    """What a page says is wrong."""
    return " | ".join(re.findall(r"invalid-feedback[^>]*>(.*?)</", answer.page, re.DOTALL))


@dataclass
class Colleague:
    """Somebody who works at the school with `slug`. `themes` are primary keys by code, `groups` by name."""

    slug: str
    email: str
    browser: Browser
    themes: dict[str, str]
    groups: dict[str, str]
    stories: list[Story]
    saved: list[Write] = field(default_factory=list)
    unsure: list[Write] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.writes = chain.from_iterable(story(self) for story in cycle(self.stories))

    def work(self, stop: Event) -> None:
        """Go on with the stories until the server is gone."""
        try:
            while not stop.is_set():
                write = next(self.writes)
                self.unsure.append(write)
                self.send_again()
        except NoAnswer:
            pass
        except Exception as error:  # a thread's own would be lost
            self.wrong.append(f"{self.email}: {type(error).__name__} {error}")

    def send_again(self) -> None:
        """Send what got no answer. Raises NoAnswer, Unexpected."""
        for write in self.unsure:
            self.answer = write.send()
        self.saved += self.unsure
        self.unsure = []

    def write(self, kind: str, key: str, address: str, /, **form: str | list[str]) -> Write:
        return Write(kind, key, self.browser, f"/{self.slug}/{address}", form)

    def number(self) -> str:
        """The first number in the address to which the last answer went on."""
        found = re.search(r"/(\d+)/", self.answer.location)
        if found is None:
            raise Unexpected(f"no number in {self.answer.location}")
        return found[1]

    def look(self, address: str) -> str:
        answer = self.browser.send("GET", f"/{self.slug}/{address}")
        if answer.status != 200:
            raise Unexpected(f"{address}: {answer.status} {answer.location}")
        return answer.page


Story = Callable[[Colleague], Iterator[Write]]


def from_signal_to_connected(who: Colleague) -> Iterator[Write]:
    """A signal is discussed, a buddy added and proposed, both say yes, they are connected, and it is rounded off."""
    theme = who.themes["reading"]
    support = yield from _discussed(who, theme)
    yield from _buddy(who, theme)
    buddy, proposal = who.number(), str(uuid4())
    yield who.write(
        "match",
        proposal,
        f"signalen/{support}/match/",
        submission=proposal,
        buddy=buddy,
        click_reasons="same_experience",
    )
    match = who.number()
    page = f"koppelingen/{match}/"
    yield who.write("match.ask_parent", match, f"{page}vraag-ouder/", tip_giver="coordinator")
    yield who.write("match.parent_yes", match, f"{page}ouder-zegt/", answer="yes", method="phone")
    yield who.write("match.buddy_yes", match, f"{page}buddy-zegt/", answer="yes", method="phone")
    agreed: Form = {"parent_shares_contact": "on", "buddy_shares_contact": "on", "teacher_may_know": "on"}
    yield who.write("match.connect", match, f"{page}verbinden/", way="introduced", method="phone", **agreed)
    yield who.write("match.complete", match, f"{page}afronden/", outcome="helped", request="close")


def consents_withdrawn(who: Colleague) -> Iterator[Write]:
    """A buddy with two themes takes back both; a parent takes back the search."""
    yield from _buddy(who, who.themes["reading"], who.themes["divorce"])
    buddy = who.number()
    links = re.findall(rf"/buddys/{buddy}/intrekken/(\d+)/", who.look(f"buddys/{buddy}/"))
    for consent in sorted(set(links)):
        yield who.write("consent.withdraw", consent, f"buddys/{buddy}/intrekken/{consent}/")
    support = yield from _discussed(who, who.themes["divorce"])
    yield who.write("request.close", support, f"signalen/{support}/intrekken/")


def new_family(who: Colleague) -> Iterator[Write]:
    """A child who starts; the parent says yes to a buddy: request, consents and match in one go."""
    yield from _buddy(who, who.themes["newcomer"])
    buddy, offer, name = who.number(), str(uuid4()), f"Kleuter {uuid4().hex[:12]}"
    yield who.write(
        "child",
        name,
        "kleuters/nieuw/",
        first_name=name,
        start_date=(clock.today() + timedelta(days=30)).isoformat(),
        group=who.groups["1/2A"],
    )
    yield who.write(
        "offer",
        offer,
        f"kleuters/{who.number()}/",
        submission=offer,
        buddy=buddy,
        click_reasons="same_experience",
        kind="mother",
        method="conversation",
        answer="yes",
    )


def around_the_table(who: Colleague) -> Iterator[Write]:
    """A meeting with a question and a promise of today; a parent who wants no buddy, and one who could be one."""
    plan, question, promise, refusal, nomination = (str(uuid4()) for _ in range(5))
    yield who.write(
        "meeting",
        plan,
        "gesprekken/nieuw/",
        submission=plan,
        child=f"g{who.groups['4B']}",
        child_name="Jip",
        kind_1="mother",
        buddy_1="along",
        kind_2="father",
        day=clock.today().isoformat(),
        time="23:30",
        base_minutes="15",
        audience="group",
    )
    meeting = who.number()
    words = f"Vraag {question}"
    yield who.write("question", question, f"gesprekken/{meeting}/vraag/", submission=question, words=words)
    yield who.write(
        "promise",
        promise,
        f"gesprekken/{meeting}/toezegging/",
        submission=promise,
        words=f"Belofte {promise}",
        due_on=clock.today().isoformat(),
    )
    about: Form = {"group": who.groups["4B"], "child_name": "Jip", "first_name": "An", "kind": "mother"}
    yield who.write("refusal", refusal, "signaleren/", submission=refusal, asked="no", **about)
    yield who.write(
        "buddy",
        nomination,
        "signaleren/buddy/",
        submission=nomination,
        asked="yes",
        themes=[who.themes["reading"], who.themes["language"]],
        name_known="yes",
        method="conversation",
        **about,
    )


def _discussed(who: Colleague, theme: str) -> Generator[Write, None, str]:
    """Signalled, and then discussed after all; gives the number of the request."""
    signal = str(uuid4())
    about: Form = {"group": who.groups["4B"], "child_name": "Jip", "first_name": "Els", "kind": "mother"}
    yield who.write("signal", signal, "signaleren/", submission=signal, asked="not_yet", **about)
    numbers = re.findall(r"/signalen/mijn/(\d+)/besproken/", who.look("signalen/mijn/"))
    number: str = max(numbers, key=int)
    yield who.write(
        "discussed",
        number,
        f"signalen/mijn/{number}/besproken/",
        submission=signal,
        asked="yes",
        theme=theme,
        method="conversation",
        note="Graag even bellen.",
    )
    return number


def _buddy(who: Colleague, *themes: str) -> Iterator[Write]:
    submission = str(uuid4())
    yield who.write(
        "buddy",
        submission,
        "buddys/nieuw/",
        submission=submission,
        first_name=f"Bo {submission[:13]}",
        last_name="Bakker",
        kind="mother",
        capacity="1",
        grades=["5"],
        here_since="2025",
        themes=list(themes),
        name_may_be_known="yes",
        method="conversation",
    )
