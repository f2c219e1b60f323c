"""The page behind a personal link: a parent or buddy answers on their own phone, without an account.

Whoever holds the link is who it was made for; there is nothing else to know them by, and no cookie. So there is no
token against forged forms either: such a form would have to know the link, and who knows it can answer anyway.
(A browser that may not say where it comes from could not prove it with one: it sends `Origin: null`.)
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from school import clock

from ..actions import links as actions
from ..actions.errors import Refused
from ..forms.links import KEEP, SHARE, STOP, LinkAnswerForm
from ..links import guessing
from ..models import LinkAnswer, PersonalLink
from ..models.links import LinkStage
from ..reading import links
from ..reading.links import Voice


def private(view: Callable[[HttpRequest, str], HttpResponse]) -> Callable[[HttpRequest, str], HttpResponse]:
    """The address of the decorated view is a secret: no cache keeps it, no other site hears of it, no search engine
    lists it."""

    @wraps(view)
    def answer(request: HttpRequest, key: str) -> HttpResponse:
        response = view(request, key)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answer


@login_not_required
@csrf_exempt  # no cookie to misuse; the address is the secret, and `no-referrer` makes Origin null: see above
@private
@require_http_methods(["GET", "HEAD", "POST"])
def parent_page(request: HttpRequest, key: str) -> HttpResponse:
    """The question, the answer and stopping. Opening it changes nothing, whoever or whatever opens it."""
    if guessing.too_often(request):
        return _kind_page(request, None, "wait", 429)
    link = links.behind(key)
    if link is None:
        if not guessing.missed(request):
            return _kind_page(request, None, "wait", 429)
        return _kind_page(request, None, "over", 404)
    if link.stage(clock.today()) is LinkStage.OVER:
        return _kind_page(request, link, "over", 410)
    return _answer(request, link) if request.method == "POST" else _show(request, link)


def _show(request: HttpRequest, link: PersonalLink) -> HttpResponse:
    voice = _voice(request, link)
    said_contact_no = request.GET.get("contact") == KEEP
    context = links.page(link, clock.today(), voice.speech, said_contact_no=said_contact_no)
    return render(request, "buddies/links/parent.html", context | _frame(voice, link))


def _answer(request: HttpRequest, link: PersonalLink) -> HttpResponse:
    """Do what was tapped, and show where things stand."""
    form, spoken = LinkAnswerForm(request.POST), _voice(request, link).speech
    query = {"taal": spoken.language.code} if "taal" in request.GET else {}
    if form.is_valid():
        said = form.cleaned_data["answer"]
        try:
            _record(link, said, text=spoken.text)
        except Refused:
            return _kind_page(request, link, "refused", 409)
        query |= {"contact": KEEP} if said == KEEP else {}
    return redirect(f"{request.path}?{urlencode(query)}" if query else request.path)


def _record(link: PersonalLink, said: str, *, text: str) -> None:
    """`text` is the consent they read, which goes on record with their yes. Raises Refused."""
    if said == STOP:
        actions.stop(link=link)
    elif said in (SHARE, KEEP):
        actions.share_contact(link=link, share=said == SHARE, text=text)
    else:
        actions.answer_by_link(link=link, answer=LinkAnswer(said), text=text)


def _kind_page(request: HttpRequest, link: PersonalLink | None, what: str, status: int) -> HttpResponse:
    """One page for every link that does not, or does not any more, do what was asked: nobody did anything wrong, and
    whom to call."""
    context = {"what": what, **_frame(_voice(request, link), link)}
    return render(request, "buddies/links/over.html", context, status=status)


def _voice(request: HttpRequest, link: PersonalLink | None) -> Voice:
    return links.voice(link, request.GET.get("taal", ""))


def _frame(voice: Voice, link: PersonalLink | None) -> dict[str, object]:
    """What every page behind a link needs; without a `link` nobody knows of which school it was."""
    name = link.school.name if link else ""
    return {
        "spoken": voice.speech.language,
        "languages": voice.languages,
        "words": voice.speech.words(school=name),
        "school_name": name,
    }
