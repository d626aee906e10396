"""Levels of suicide risk, as the triage of the C-SSRS screener names them."""

from enum import StrEnum


class RiskLevel(StrEnum):
    """A computed level is a floor: a clinician may raise it freely, and lower it with a reason.

    `undetermined`: something critical was not answered, so a clinician has to look. `negative`
    is a screen without a finding, which is never "no risk".
    """

    UNDETERMINED = "undetermined"
    NEGATIVE = "negative"
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """0 to 4; what is undetermined stands above moderate, for it may be anything."""
        return RANKS.index(self)


RANKS = (
    RiskLevel.NEGATIVE,
    RiskLevel.LOW,
    RiskLevel.MODERATE,
    RiskLevel.UNDETERMINED,
    RiskLevel.HIGH,
)
