"""How people get in: accounts are made by the school, nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """allauth, without open sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
