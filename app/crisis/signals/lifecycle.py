"""Proposed, then answered by a person; or withdrawn, when its cause is gone before that."""

from enum import StrEnum

from app.kernel.lifecycle import Lifecycle


class SignalStatus(StrEnum):
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


SIGNAL = Lifecycle(
    "signal",
    {
        SignalStatus.PROPOSED: {
            SignalStatus.CONFIRMED,
            SignalStatus.DISMISSED,
            SignalStatus.WITHDRAWN,
        },
        SignalStatus.WITHDRAWN: {SignalStatus.PROPOSED},
        SignalStatus.CONFIRMED: set(),
        SignalStatus.DISMISSED: set(),
    },
)
