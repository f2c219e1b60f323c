"""Themes, buddies, requests, consents and the matches between people."""

from .buddies import Background, Buddy, Experience
from .consents import Consent, Method, Purpose
from .matches import CheckAnswer, CheckIn, ClickReason, EndReason, Match, Outcome, Person, TipGiver, Way
from .parents import visible_parents
from .requests import (
    CloseReason,
    DoNotAsk,
    Organisation,
    Origin,
    Referral,
    ReferralStatus,
    Signal,
    SupportRequest,
)
from .themes import BuiltIn, Theme, ThemeCoordinator

__all__ = [
    "Background",
    "Buddy",
    "BuiltIn",
    "CheckAnswer",
    "CheckIn",
    "ClickReason",
    "CloseReason",
    "Consent",
    "DoNotAsk",
    "EndReason",
    "Experience",
    "Match",
    "Method",
    "Organisation",
    "Origin",
    "Outcome",
    "Person",
    "Purpose",
    "Referral",
    "ReferralStatus",
    "Signal",
    "SupportRequest",
    "Theme",
    "ThemeCoordinator",
    "TipGiver",
    "Way",
    "visible_parents",
]
