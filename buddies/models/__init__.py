"""Themes, buddies, requests, consents and the matches between people."""

from .buddies import Background, Buddy, Experience
from .consents import Consent, Method, Purpose
from .links import LinkAnswer, PersonalLink
from .matches import CheckAnswer, CheckIn, ClickReason, EndReason, Match, Outcome, Person, TipGiver, Way
from .newcomers import NewcomerOffer, OfferAnswer, Siblings
from .opinions import Care, Judgement, KeptApart, Verdict, Weight, WhyApart
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
from .sharing import AccessSeen, SharedRequest
from .themes import BuiltIn, Theme, ThemeCoordinator, own_themes, themes_in_use, themes_waiting_on
from .totals import Measure, YearTotal

__all__ = [
    "AccessSeen",
    "Background",
    "Buddy",
    "BuiltIn",
    "Care",
    "CheckAnswer",
    "CheckIn",
    "ClickReason",
    "CloseReason",
    "Consent",
    "DoNotAsk",
    "EndReason",
    "Experience",
    "Judgement",
    "KeptApart",
    "LinkAnswer",
    "Match",
    "Measure",
    "Method",
    "NewcomerOffer",
    "OfferAnswer",
    "Organisation",
    "Origin",
    "Outcome",
    "Person",
    "PersonalLink",
    "Purpose",
    "Referral",
    "ReferralStatus",
    "SharedRequest",
    "Siblings",
    "Signal",
    "SupportRequest",
    "Theme",
    "ThemeCoordinator",
    "TipGiver",
    "Verdict",
    "Way",
    "Weight",
    "WhyApart",
    "YearTotal",
    "own_themes",
    "themes_in_use",
    "themes_waiting_on",
    "visible_parents",
]
