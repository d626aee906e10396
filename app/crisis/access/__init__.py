"""Restricted patients: who is named, who broke the glass, and what privacy thought of it."""

from app.crisis.access.errors import (
    AlreadyRestricted,
    AlreadyReviewed,
    GlassNeedsPassword,
    GrantNotFound,
    GrantOver,
    MayNotBreakGlass,
    MayNotRestrict,
    MayNotReviewAccess,
    NothingHidden,
    OwnGrant,
    PersonUnfit,
    RemarkMissing,
    RestrictionLifted,
    RestrictionNotFound,
)
from app.crisis.access.events import GlassBroken
from app.crisis.access.policies import keeps_privacy
from app.crisis.access.queries import (
    Running,
    list_grants,
    list_restrictions,
    may_ask_for,
    running_grants,
)
from app.crisis.access.schemas import (
    GrantOut,
    GrantState,
    RestrictionOut,
    ReviewOut,
    Verdict,
)
from app.crisis.access.service import (
    break_glass,
    end_grant,
    lift,
    name_exception,
    restrict,
    review_grant,
    unname_exception,
)

__all__ = [
    "AlreadyRestricted",
    "AlreadyReviewed",
    "GlassBroken",
    "GlassNeedsPassword",
    "GrantNotFound",
    "GrantOut",
    "GrantOver",
    "GrantState",
    "MayNotBreakGlass",
    "MayNotRestrict",
    "MayNotReviewAccess",
    "NothingHidden",
    "OwnGrant",
    "PersonUnfit",
    "RemarkMissing",
    "RestrictionLifted",
    "RestrictionNotFound",
    "RestrictionOut",
    "ReviewOut",
    "Running",
    "Verdict",
    "break_glass",
    "end_grant",
    "keeps_privacy",
    "lift",
    "list_grants",
    "list_restrictions",
    "may_ask_for",
    "name_exception",
    "restrict",
    "review_grant",
    "running_grants",
    "unname_exception",
]
