"""A person answers: it is a sign of danger, or it is none and why; or nothing is left to answer."""

from collections.abc import Collection
from uuid import UUID

from app import audit
from app.crisis.signals import policies, repository
from app.crisis.signals.lifecycle import SignalStatus
from app.crisis.signals.models import Signal
from app.crisis.signals.telling import tell
from app.infra.uow import UnitOfWork


async def confirm(uow: UnitOfWork, signal_id: UUID) -> Signal:
    """It is one. Raises `SignalNotFound`, `SignalAnswered`."""
    policies.require_clinician(uow)
    signal = await repository.get(uow, signal_id, lock=True)
    uow.db.add(signal.answer(SignalStatus.CONFIRMED, by=uow.actor.id, at=uow.now))
    await audit.record(
        uow, "signal.confirm", patient_id=signal.patient_id, subject=("signal", signal.id)
    )
    await tell(uow, signal)
    return signal


async def dismiss(uow: UnitOfWork, signal_id: UUID, *, reason: str) -> Signal:
    """It is none, for this reason. Raises `SignalNotFound`, `SignalAnswered`."""
    policies.require_clinician(uow)
    signal = await repository.get(uow, signal_id, lock=True)
    move = signal.answer(SignalStatus.DISMISSED, by=uow.actor.id, at=uow.now, reason=reason)
    uow.db.add(move)
    await audit.record(
        uow, "signal.dismiss", patient_id=signal.patient_id, subject=("signal", signal.id)
    )
    await tell(uow, signal)
    return signal


async def withdraw(uow: UnitOfWork, signal_ids: Collection[UUID]) -> None:
    """What they were found in is gone; those that somebody answered stay as they are."""
    for signal in await repository.locked(uow, signal_ids):
        if not signal.waits:
            continue
        uow.db.add(signal.move(SignalStatus.WITHDRAWN, by=uow.actor.id, at=uow.now))
        await audit.record(
            uow, "signal.withdraw", patient_id=signal.patient_id, subject=("signal", signal.id)
        )
        await tell(uow, signal)
