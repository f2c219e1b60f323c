"""One's own sessions, and what a page asks before it sends a form."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from .. import sessions
from ..access import SignedInRequest
from ..context import account_mark
from ..models import Session
from .answers import form_page


@form_page
def own_sessions(request: SignedInRequest) -> HttpResponse:
    """Where I am signed in: this browser first, then the one used last. A button ends one, or all but this one."""
    if request.method == "POST":
        _end(request, request.POST.get("end", ""))
        return redirect("own_sessions")
    present = request.session.session_key
    rows = sorted(Session.objects.owned_by(request.user), key=lambda row: row.pk != present)
    context = {"idle": settings.SESSION_IDLE // 60, "whole": settings.SESSION_COOKIE_AGE // 3600}
    return render(request, "account/sessions.html", context | {"rows": rows, "present": present})


def _end(request: SignedInRequest, which: str) -> None:
    """End "others" or the one with this handle. What ended already is just as fine."""
    if which == "others":
        count = sessions.end_others(user=request.user, request=request)
    else:
        count = sessions.end_one(user=request.user, handle=which)
    if count:
        said = ngettext("%(count)s browser is signed out.", "%(count)s browsers are signed out.", count)
        messages.success(request, said % {"count": count})


@require_safe
@login_not_required
def still_there(request: HttpRequest) -> JsonResponse:
    """For a page that is about to send a form: `account`, who is signed in now (see `account_mark`, "" for nobody), and
    `token`, without which a form is refused; signing in changes it."""
    return JsonResponse({"account": account_mark(request), "token": get_token(request)})
