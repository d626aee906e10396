"""How great a danger is: the level that counts, its floor by rule, and how it came about."""

from app.crisis.risk.errors import (
    MayNotAssessRisk,
    ReasonToLowerMissing,
    ReviewUnfit,
)
from app.crisis.risk.events import RiskDecided
from app.crisis.risk.levels import RiskLevel
from app.crisis.risk.models import RiskMove, RiskState
from app.crisis.risk.policies import ASSESSORS, require_assessor
from app.crisis.risk.repository import is_judged_since
from app.crisis.risk.reviewing import follow_review
from app.crisis.risk.schemas import AssessRisk, RiskChange, RiskMoveOut, RiskOut
from app.crisis.risk.service import (
    Finding,
    assess,
    present,
    read_risk,
    risk_of,
    take_finding,
)

__all__ = [
    "ASSESSORS",
    "AssessRisk",
    "Finding",
    "MayNotAssessRisk",
    "ReasonToLowerMissing",
    "ReviewUnfit",
    "RiskChange",
    "RiskDecided",
    "RiskLevel",
    "RiskMove",
    "RiskMoveOut",
    "RiskOut",
    "RiskState",
    "assess",
    "follow_review",
    "is_judged_since",
    "present",
    "read_risk",
    "require_assessor",
    "risk_of",
    "take_finding",
]
