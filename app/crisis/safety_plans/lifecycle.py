"""The life of a published safety plan: in use, until a newer one or a reason ends that."""

from enum import StrEnum

from app.kernel.lifecycle import Lifecycle


class PlanStatus(StrEnum):
    CURRENT = "current"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


SAFETY_PLAN = Lifecycle(
    "safety-plan",
    {
        PlanStatus.CURRENT: {PlanStatus.SUPERSEDED, PlanStatus.WITHDRAWN},
        PlanStatus.SUPERSEDED: set(),
        PlanStatus.WITHDRAWN: set(),
    },
)
