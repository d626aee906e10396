"""What the pages of a patient and of a visit show of signals of danger."""

from uuid import UUID

from app.crisis import signals
from app.infra.uow import UnitOfWork
from app.kernel.paging import PageRequest
from app.web.presenters.signals import SignalRow, rows

SHOWN = PageRequest(limit=50)


async def signals_of(uow: UnitOfWork, patient_id: UUID) -> tuple[SignalRow, ...] | None:
    """None for those who may not see them: no empty list where there is no list."""
    if not signals.may_see(uow.actor):
        return None
    found, _ = await signals.list_signals(uow, patient_id=patient_id, page=SHOWN)
    return rows(await signals.describe(uow, *found))
