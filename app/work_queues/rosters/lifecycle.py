"""A pool is in use or retired; nothing of it is ever lost."""

from enum import StrEnum

from app.kernel.lifecycle import Lifecycle


class PoolStatus(StrEnum):
    ACTIVE = "active"
    RETIRED = "retired"


POOL = Lifecycle(
    "pool",
    {
        PoolStatus.ACTIVE: {PoolStatus.RETIRED},
        PoolStatus.RETIRED: {PoolStatus.ACTIVE},
    },
)
