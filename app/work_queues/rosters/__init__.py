"""Who shares a queue, who is on duty for it, and who stands in for whom."""

from app.work_queues.rosters.belonging import (
    SUPERVISORS,
    belongs,
    can_receive,
    pool_in_use,
    pools_of,
)
from app.work_queues.rosters.models import Absence, DutyShift, Pool, PoolMember, PoolStatus

__all__ = [
    "SUPERVISORS",
    "Absence",
    "DutyShift",
    "Pool",
    "PoolMember",
    "PoolStatus",
    "belongs",
    "can_receive",
    "pool_in_use",
    "pools_of",
]
