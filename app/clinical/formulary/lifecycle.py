"""A release of the formulary: brought in, used, followed by another."""

from enum import StrEnum

from app.kernel.lifecycle import Lifecycle


class ReleaseStatus(StrEnum):
    IMPORTED = "imported"
    CURRENT = "current"
    SUPERSEDED = "superseded"


RELEASE = Lifecycle(
    "release of the formulary",
    {
        ReleaseStatus.IMPORTED: {ReleaseStatus.CURRENT},
        ReleaseStatus.CURRENT: {ReleaseStatus.SUPERSEDED},
        ReleaseStatus.SUPERSEDED: set(),
    },
)
