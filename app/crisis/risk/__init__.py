"""How great a danger is, in the words every part of the crisis slice uses."""

from app.crisis.risk.levels import RiskLevel

__all__ = ["RiskLevel"]
