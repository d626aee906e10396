"""Every statement that touches proposals."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from app.clinical import notes
from app.clinical.orders.errors import OrderProposalNotFound
from app.clinical.orders.lifecycle import OrderProposalStatus
from app.clinical.orders.models import OrderProposal
from app.infra.uow import UnitOfWork
from app.kernel.paging import PageRequest
from app.patients import joined_to_patient, records_of, visible_patients


def visible(uow: UnitOfWork) -> Select[OrderProposal]:
    """A proposal quotes its note: who may not read the one does not see the other."""
    joined = joined_to_patient(select(OrderProposal), OrderProposal.patient_id)
    joined = joined.join(notes.Note, notes.Note.id == OrderProposal.note_id)
    return joined.where(visible_patients(uow), notes.readable(uow.actor))


async def get(uow: UnitOfWork, proposal_id: UUID, *, lock: bool = False) -> OrderProposal:
    statement = visible(uow).where(OrderProposal.id == proposal_id)
    if lock:
        statement = statement.with_for_update(of=OrderProposal, key_share=True)
        statement = statement.execution_options(populate_existing=True)
    found = (await uow.db.execute(statement)).scalar_one_or_none()
    if found is None:
        raise OrderProposalNotFound(proposal_id=proposal_id)
    return found


async def page(
    uow: UnitOfWork,
    patient_id: UUID,
    note_id: UUID | None,
    status: OrderProposalStatus | None,
    request: PageRequest,
) -> Sequence[OrderProposal]:
    """One row more than the page holds, newest first."""
    statement = visible(uow).where(OrderProposal.patient_id.in_(records_of(patient_id)))
    if note_id is not None:
        statement = statement.where(OrderProposal.note_id == note_id)
    if status is not None:
        statement = statement.where(OrderProposal.status == status)
    if request.cursor is not None:
        last = (request.cursor.at, request.cursor.id)
        statement = statement.where(
            tuple_(OrderProposal.created_at, OrderProposal.id) < tuple_(*last)
        )
    newest_first = (OrderProposal.created_at.desc(), OrderProposal.id.desc())
    return (await uow.db.scalars(statement.order_by(*newest_first).limit(request.limit + 1))).all()


async def of_note(uow: UnitOfWork, note_id: UUID) -> Sequence[OrderProposal]:
    """All of a note, whatever became of them, as they are now."""
    statement = visible(uow).where(OrderProposal.note_id == note_id)
    statement = statement.execution_options(populate_existing=True)
    return (
        await uow.db.scalars(statement.order_by(OrderProposal.created_at, OrderProposal.id))
    ).all()


async def locked(uow: UnitOfWork, ids: Collection[UUID]) -> Sequence[OrderProposal]:
    """In one order, so that nobody waits for one another."""
    statement = select(OrderProposal).where(OrderProposal.id.in_(ids)).order_by(OrderProposal.id)
    statement = statement.with_for_update(key_share=True)
    statement = statement.execution_options(populate_existing=True)
    return (await uow.db.scalars(statement)).all()


async def add_once(uow: UnitOfWork, values: dict[str, Any]) -> bool:
    """Insert a proposal unless it is there already; False when it was."""
    statement = insert(OrderProposal).values(**values).on_conflict_do_nothing()
    returned = await uow.db.execute(statement.returning(OrderProposal.id))
    return returned.scalar_one_or_none() is not None
