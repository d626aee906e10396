"""Levels of risk in words: never a bare colour, and never "no risk"."""

from app.crisis.risk import RiskLevel
from app.web.presenters.formats import State

LEVELS = {
    RiskLevel.UNDETERMINED: State("warn", "undetermined: a clinician has to look"),
    RiskLevel.NEGATIVE: State("", "negative screen"),
    RiskLevel.LOW: State("busy", "low risk"),
    RiskLevel.MODERATE: State("warn", "moderate risk"),
    RiskLevel.HIGH: State("bad", "high risk"),
}
