"""Climbing a ladder: who is told when nobody acts, each step once."""

from app.work_queues.escalations.errors import NothingToClimb
from app.work_queues.escalations.firing import NOTICES_EMAIL, climb_by_hand
from app.work_queues.escalations.models import Escalation, EscalationStatus, Notice
from app.work_queues.escalations.planning import begin_climb, stop_climb

__all__ = [
    "NOTICES_EMAIL",
    "Escalation",
    "EscalationStatus",
    "NothingToClimb",
    "Notice",
    "begin_climb",
    "climb_by_hand",
    "stop_climb",
]
