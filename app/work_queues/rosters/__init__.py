"""Who shares a queue, who is on duty for it, and who stands in for whom."""

from app.work_queues.rosters.belonging import (
    SUPERVISORS,
    belongs,
    can_receive,
    pool_in_use,
    pools_of,
)
from app.work_queues.rosters.duty import everybody_on_staff, members_of, on_duty, standing_in
from app.work_queues.rosters.models import Absence, DutyShift, Pool, PoolMember, PoolStatus
from app.work_queues.rosters.standing import Stand

__all__ = [
    "SUPERVISORS",
    "Absence",
    "DutyShift",
    "Pool",
    "PoolMember",
    "PoolStatus",
    "Stand",
    "belongs",
    "can_receive",
    "everybody_on_staff",
    "members_of",
    "on_duty",
    "pool_in_use",
    "pools_of",
    "standing_in",
]
