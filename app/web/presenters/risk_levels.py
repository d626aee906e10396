"""Levels of risk in words: never a bare colour, and never "no risk"."""

from app.crisis.risk import RiskLevel
from app.web.presenters.formats import State

# `kind` chooses the sign.
LEVELS = {
    RiskLevel.HIGH: State("high", "High risk"),
    RiskLevel.UNDETERMINED: State("undetermined", "Risk not determined"),
    RiskLevel.MODERATE: State("moderate", "Moderate risk"),
    RiskLevel.LOW: State("low", "Low risk"),
    RiskLevel.NEGATIVE: State("negative", "Screen negative"),
}
NOT_ASSESSED = State("unknown", "Risk not assessed")
BADGES = {
    RiskLevel.UNDETERMINED: State("warn", "undetermined: a clinician has to look"),
    RiskLevel.NEGATIVE: State("", "negative screen"),
    RiskLevel.LOW: State("busy", "low risk"),
    RiskLevel.MODERATE: State("warn", "moderate risk"),
    RiskLevel.HIGH: State("bad", "high risk"),
}
