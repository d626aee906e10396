"""The facts of signals, put into words once."""

from app.crisis.signals.events import (
    SignalConfirmed,
    SignalDismissed,
    SignalProposed,
    SignalWithdrawn,
)
from app.crisis.signals.lifecycle import SignalStatus
from app.crisis.signals.models import Signal
from app.infra.uow import UnitOfWork

FACTS = {
    SignalStatus.PROPOSED: SignalProposed,
    SignalStatus.CONFIRMED: SignalConfirmed,
    SignalStatus.DISMISSED: SignalDismissed,
    SignalStatus.WITHDRAWN: SignalWithdrawn,
}


async def tell(uow: UnitOfWork, signal: Signal) -> None:
    """What it has just become."""
    await uow.publish(
        FACTS[signal.status](
            signal_id=signal.id,
            patient_id=signal.patient_id,
            encounter_id=signal.encounter_id,
            note_id=signal.note_id,
            concept=signal.concept,
            critical=signal.critical,
        )
    )
