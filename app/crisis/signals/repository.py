"""Every statement that touches signals."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from app.clinical.notes import Note
from app.crisis.signals.errors import SignalNotFound
from app.crisis.signals.lifecycle import SignalStatus
from app.crisis.signals.models import Signal
from app.infra.uow import UnitOfWork
from app.kernel.paging import PageRequest
from app.patients import joined_to_patient, records_of, visible_patients


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalFilter:
    """Which signals are asked for; None asks for any."""

    patient_id: UUID | None = None
    encounter_id: UUID | None = None
    note_id: UUID | None = None
    status: SignalStatus | None = None


def visible(uow: UnitOfWork) -> Select[Signal]:
    joined = joined_to_patient(select(Signal), Signal.patient_id)
    return joined.where(visible_patients(uow))


async def get(uow: UnitOfWork, signal_id: UUID, *, lock: bool = False) -> Signal:
    statement = visible(uow).where(Signal.id == signal_id)
    if lock:
        statement = statement.with_for_update(of=Signal)
        statement = statement.execution_options(populate_existing=True)
    signal = (await uow.db.execute(statement)).scalar_one_or_none()
    if signal is None:
        raise SignalNotFound(signal_id=signal_id)
    return signal


async def page(uow: UnitOfWork, wanted: SignalFilter, request: PageRequest) -> Sequence[Signal]:
    """One row more than the page holds, newest first."""
    statement = visible(uow)
    if wanted.patient_id is not None:
        statement = statement.where(Signal.patient_id.in_(records_of(wanted.patient_id)))
    if wanted.encounter_id is not None:
        statement = statement.where(Signal.encounter_id == wanted.encounter_id)
    if wanted.note_id is not None:
        statement = statement.where(Signal.note_id == wanted.note_id)
    if wanted.status is not None:
        statement = statement.where(Signal.status == wanted.status)
    if request.cursor is not None:
        last = (request.cursor.at, request.cursor.id)
        statement = statement.where(tuple_(Signal.created_at, Signal.id) < tuple_(*last))
    newest_first = (Signal.created_at.desc(), Signal.id.desc())
    return (await uow.db.scalars(statement.order_by(*newest_first).limit(request.limit + 1))).all()


async def count_unanswered(uow: UnitOfWork, patient_id: UUID) -> int:
    """How many of this person wait for an answer."""
    waiting = select(func.count()).where(
        Signal.patient_id.in_(records_of(patient_id)), Signal.status == SignalStatus.PROPOSED
    )
    return (await uow.db.execute(waiting)).scalar_one()


async def of_note(uow: UnitOfWork, note_id: UUID) -> Sequence[Signal]:
    """All of a note, whatever became of them, as they are now."""
    statement = select(Signal).where(Signal.note_id == note_id)
    statement = statement.execution_options(populate_existing=True)
    return (await uow.db.scalars(statement.order_by(Signal.created_at, Signal.id))).all()


async def is_open(uow: UnitOfWork, note_id: UUID) -> bool:
    """Whether its author is at work on a note: there is a text that not everybody sees."""
    working = select(Note.working_version).where(Note.id == note_id)
    return await uow.db.scalar(working) is not None


async def locked(uow: UnitOfWork, ids: Collection[UUID]) -> Sequence[Signal]:
    """In one order, so that nobody waits for one another."""
    statement = select(Signal).where(Signal.id.in_(ids)).order_by(Signal.id).with_for_update()
    statement = statement.execution_options(populate_existing=True)
    return (await uow.db.scalars(statement)).all()


async def add_once(uow: UnitOfWork, values: dict[str, Any]) -> bool:
    """Insert a signal unless it is there already; False when it was."""
    statement = insert(Signal).values(**values).on_conflict_do_nothing().returning(Signal.id)
    return (await uow.db.execute(statement)).scalar_one_or_none() is not None
