"""Climbing a ladder: who is told when nobody acts, each step once."""

from app.work_queues.escalations.ahead import PlannedStep, has_climbed, planned_of
from app.work_queues.escalations.errors import NothingToClimb, NoticeNotFound
from app.work_queues.escalations.firing import NOTICES_EMAIL, climb_by_hand
from app.work_queues.escalations.models import Escalation, EscalationStatus, Notice
from app.work_queues.escalations.notice_board import my_notices, see_notice
from app.work_queues.escalations.planning import begin_climb, stop_climb
from app.work_queues.escalations.schemas import NoticeOut, NoticePage

__all__ = [
    "NOTICES_EMAIL",
    "Escalation",
    "EscalationStatus",
    "NothingToClimb",
    "Notice",
    "NoticeNotFound",
    "NoticeOut",
    "NoticePage",
    "PlannedStep",
    "begin_climb",
    "climb_by_hand",
    "has_climbed",
    "my_notices",
    "planned_of",
    "see_notice",
    "stop_climb",
]
