"""One's own sessions, and what a page asks before it sends a form."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from .. import sessions
from ..access import SignedInRequest
from ..context import account_mark
from ..models import Session


@require_safe
def own_sessions(request: SignedInRequest) -> HttpResponse:
    """Where I am signed in: this browser first, then the one used last."""
    present = request.session.session_key
    rows = sorted(Session.objects.owned_by(request.user), key=lambda row: row.pk != present)
    context = {"idle": settings.SESSION_IDLE // 60, "whole": settings.SESSION_COOKIE_AGE // 3600}
    return render(request, "account/sessions.html", context | {"rows": rows, "present": present})


@require_POST
def end_session(request: SignedInRequest, handle: str) -> HttpResponse:
    """End one of them. One that ended already is just as fine."""
    sessions.end_one(user=request.user, handle=handle)
    messages.success(request, _("That browser is signed out."))
    return redirect("own_sessions")


@require_POST
def end_other_sessions(request: SignedInRequest) -> HttpResponse:
    """End all but this one."""
    count = sessions.end_others(user=request.user, request=request)
    said = ngettext("%(count)s browser is signed out.", "%(count)s browsers are signed out.", count)
    messages.success(request, said % {"count": count})
    return redirect("own_sessions")


@require_safe
@login_not_required
def still_there(request: HttpRequest) -> JsonResponse:
    """For a page that is about to send a form: `account`, who is signed in now (see `account_mark`, "" for nobody), and
    `token`, without which a form is refused; signing in changes it."""
    return JsonResponse({"account": account_mark(request), "token": get_token(request)})
