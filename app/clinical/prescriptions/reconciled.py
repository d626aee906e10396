"""Every statement that touches reconciliations."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, exists, select, tuple_

from app.clinical.prescriptions.models import Reconciliation, ReconciliationLine
from app.infra.uow import UnitOfWork
from app.kernel.paging import PageRequest
from app.patients import joined_to_patient, records_of, visible_patients

TOOK = ("as-prescribed", "differently")


def visible(uow: UnitOfWork) -> Select[Reconciliation]:
    joined = joined_to_patient(select(Reconciliation), Reconciliation.patient_id)
    return joined.where(visible_patients(uow))


async def of_patient(
    uow: UnitOfWork, patient_id: UUID, request: PageRequest
) -> Sequence[Reconciliation]:
    """One row more than the page holds, the latest first."""
    statement = visible(uow).where(Reconciliation.patient_id.in_(records_of(patient_id)))
    if request.cursor is not None:
        last = (request.cursor.at, request.cursor.id)
        statement = statement.where(
            tuple_(Reconciliation.made_at, Reconciliation.id) < tuple_(*last)
        )
    newest_first = (Reconciliation.made_at.desc(), Reconciliation.id.desc())
    return (await uow.db.scalars(statement.order_by(*newest_first).limit(request.limit + 1))).all()


async def lines_of(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, list[ReconciliationLine]]:
    statement = (
        select(ReconciliationLine)
        .where(ReconciliationLine.reconciliation_id.in_(ids))
        .order_by(ReconciliationLine.reconciliation_id, ReconciliationLine.position)
    )
    found: dict[UUID, list[ReconciliationLine]] = {each: [] for each in ids}
    for line in await uow.db.scalars(statement):
        found[line.reconciliation_id].append(line)
    return found


async def was_taken(uow: UnitOfWork, item_id: UUID) -> bool:
    """Whether the patient ever said that they take this."""
    told = exists().where(
        ReconciliationLine.item_id == item_id, ReconciliationLine.decision.in_(TOOK)
    )
    return bool(await uow.db.scalar(select(told)))
