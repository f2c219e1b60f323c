"""The pages of allauth that we use: signing in and out, and one's own password; and ours of one's own sessions.

Named one by one instead of included whole, so that an update of the library opens no page nobody decided on. The
names are allauth's; who asks for signing up or for changing an e-mail address comes out where it can be done.
"""

from allauth.account import views
from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path
from django.views.generic.base import RedirectView

from .accounts import changes, limited, resets
from .views import sessions

sign_in = login_not_required(RedirectView.as_view(pattern_name="account_login"))

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", limited(views.password_change, changes), name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", limited(views.password_reset, resets), name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("sessies/", sessions.own_sessions, name="own_sessions"),
    path("wie/", sessions.still_there, name="still_there"),
    path("signup/", sign_in, name="account_signup"),
    path("email/", RedirectView.as_view(pattern_name="home"), name="account_email"),
]
