"""How a problem goes, how sure it is, and what becomes of a suggestion."""

from enum import StrEnum

from app.kernel.lifecycle import Lifecycle


class ClinicalStatus(StrEnum):
    """FHIR condition-clinical; a relapse is a recurrence here."""

    ACTIVE = "active"
    RECURRENCE = "recurrence"
    REMISSION = "remission"
    RESOLVED = "resolved"
    INACTIVE = "inactive"


class VerificationStatus(StrEnum):
    """FHIR condition-ver-status."""

    UNCONFIRMED = "unconfirmed"
    PROVISIONAL = "provisional"
    DIFFERENTIAL = "differential"
    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    ENTERED_IN_ERROR = "entered-in-error"


class SuggestionStatus(StrEnum):
    SUGGESTED = "suggested"
    TAKEN = "taken"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


C, V, S = ClinicalStatus, VerificationStatus, SuggestionStatus

PROBLEM_COURSE = Lifecycle(
    "problem",
    {
        C.ACTIVE: {C.REMISSION, C.RESOLVED, C.INACTIVE},
        C.RECURRENCE: {C.REMISSION, C.RESOLVED, C.INACTIVE},
        C.REMISSION: {C.RECURRENCE, C.ACTIVE, C.RESOLVED, C.INACTIVE},
        C.RESOLVED: {C.RECURRENCE, C.ACTIVE},
        C.INACTIVE: {C.RECURRENCE, C.ACTIVE, C.RESOLVED},
    },
)

PROBLEM_VERIFICATION = Lifecycle(
    "verification of a problem",
    {
        V.UNCONFIRMED: {V.PROVISIONAL, V.DIFFERENTIAL, V.CONFIRMED, V.REFUTED, V.ENTERED_IN_ERROR},
        V.PROVISIONAL: {V.UNCONFIRMED, V.DIFFERENTIAL, V.CONFIRMED, V.REFUTED, V.ENTERED_IN_ERROR},
        V.DIFFERENTIAL: {V.UNCONFIRMED, V.PROVISIONAL, V.CONFIRMED, V.REFUTED, V.ENTERED_IN_ERROR},
        V.CONFIRMED: {V.UNCONFIRMED, V.PROVISIONAL, V.REFUTED, V.ENTERED_IN_ERROR},
        V.REFUTED: {V.UNCONFIRMED, V.PROVISIONAL, V.CONFIRMED, V.ENTERED_IN_ERROR},
        V.ENTERED_IN_ERROR: set(),
    },
)

PROBLEM_SUGGESTION = Lifecycle(
    "suggested problem",
    {
        S.SUGGESTED: {S.TAKEN, S.DISMISSED, S.WITHDRAWN},
        # Its sentence came back.
        S.WITHDRAWN: {S.SUGGESTED},
        S.TAKEN: set(),
        S.DISMISSED: set(),
    },
)
