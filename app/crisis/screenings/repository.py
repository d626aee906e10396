"""Every statement that touches screenings, their instruments and what is due."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select, text, tuple_
from sqlalchemy.dialects.postgresql import distinct_on, insert

from app.crisis.screenings.errors import (
    DemandNotFound,
    InstrumentNotFound,
    ScreeningNotFound,
)
from app.crisis.screenings.instruments import Instrument
from app.crisis.screenings.lifecycle import DemandStatus, ScreeningStatus
from app.crisis.screenings.models import (
    Screening,
    ScreeningDemand,
    ScreeningInstrument,
    ScreeningResult,
)
from app.infra.uow import UnitOfWork
from app.kernel.paging import PageRequest
from app.patients import joined_to_patient, records_of, visible_patients

NEWEST_FIRST = (Screening.started_at.desc(), Screening.id.desc())
Demand = ScreeningDemand
OLDEST_FIRST = (Demand.demanded_at, Demand.id)
# Written out, so that the planner knows the partial index by it whatever was prepared before.
STILL_OPEN = text("screening_demands.status = 'open'")


def in_effect(uow: UnitOfWork) -> Select[ScreeningInstrument]:
    """The version of each instrument with which a screening begins now."""
    row = ScreeningInstrument
    return (
        select(row)
        .where(row.effective_from <= uow.now)
        .where(or_(row.effective_to.is_(None), row.effective_to > uow.now))
        .ext(distinct_on(row.key))
        .order_by(row.key, row.version.desc())
    )


async def instruments(uow: UnitOfWork) -> Sequence[ScreeningInstrument]:
    return (await uow.db.scalars(in_effect(uow))).all()


async def instrument(uow: UnitOfWork, key: Instrument) -> ScreeningInstrument:
    statement = in_effect(uow).where(ScreeningInstrument.key == key)
    found = (await uow.db.execute(statement)).scalar_one_or_none()
    if found is None:
        raise InstrumentNotFound
    return found


async def rules_of(
    uow: UnitOfWork, screenings: Collection[Screening]
) -> dict[tuple[Instrument, int], ScreeningInstrument]:
    """The versions these screenings were begun with."""
    wanted = {(one.instrument.value, one.instrument_version) for one in screenings}
    row = ScreeningInstrument
    statement = select(row).where(tuple_(row.key, row.version).in_(wanted))
    return {(one.key, one.version): one for one in await uow.db.scalars(statement)}


def visible(uow: UnitOfWork) -> Select[Screening]:
    joined = joined_to_patient(select(Screening), Screening.patient_id)
    return joined.where(visible_patients(uow))


async def get(uow: UnitOfWork, screening_id: UUID, *, lock: bool = False) -> Screening:
    statement = visible(uow).where(Screening.id == screening_id)
    if lock:
        statement = statement.with_for_update(of=Screening, key_share=True)
        statement = statement.execution_options(populate_existing=True)
    screening = (await uow.db.execute(statement)).scalar_one_or_none()
    if screening is None:
        raise ScreeningNotFound(screening_id=screening_id)
    return screening


async def under_way(uow: UnitOfWork, patient_id: UUID, instrument: Instrument) -> Screening | None:
    """The one that was begun last and is not over."""
    statement = (
        visible(uow)
        .where(Screening.patient_id.in_(records_of(patient_id)))
        .where(Screening.instrument == instrument)
        .where(Screening.status == ScreeningStatus.IN_PROGRESS)
        .order_by(*NEWEST_FIRST)
        .limit(1)
    )
    return (await uow.db.execute(statement)).scalar_one_or_none()


async def page(uow: UnitOfWork, patient_id: UUID, request: PageRequest) -> Sequence[Screening]:
    """One row more than the page holds, newest first."""
    statement = visible(uow).where(Screening.patient_id.in_(records_of(patient_id)))
    if request.cursor is not None:
        last = (request.cursor.at, request.cursor.id)
        statement = statement.where(tuple_(Screening.started_at, Screening.id) < tuple_(*last))
    return (await uow.db.scalars(statement.order_by(*NEWEST_FIRST).limit(request.limit + 1))).all()


async def results_of(
    uow: UnitOfWork, screening_ids: Collection[UUID]
) -> dict[UUID, ScreeningResult]:
    rows = select(ScreeningResult).where(ScreeningResult.screening_id.in_(screening_ids))
    return {row.screening_id: row for row in await uow.db.scalars(rows)}


def visible_demands(uow: UnitOfWork) -> Select[ScreeningDemand]:
    joined = joined_to_patient(select(Demand), Demand.patient_id)
    return joined.where(visible_patients(uow))


async def get_demand(uow: UnitOfWork, demand_id: UUID) -> ScreeningDemand:
    """Under a lock."""
    statement = locked(visible_demands(uow).where(Demand.id == demand_id))
    demand = (await uow.db.execute(statement)).scalar_one_or_none()
    if demand is None:
        raise DemandNotFound(demand_id=demand_id)
    return demand


def locked(statement: Select[ScreeningDemand]) -> Select[ScreeningDemand]:
    held = statement.with_for_update(of=Demand, key_share=True)
    return held.execution_options(populate_existing=True)


def open_statement(uow: UnitOfWork, patient_id: UUID) -> Select[ScreeningDemand]:
    return (
        visible_demands(uow)
        .where(Demand.patient_id.in_(records_of(patient_id)), STILL_OPEN)
        .order_by(*OLDEST_FIRST)
    )


async def open_demands(
    uow: UnitOfWork, patient_id: UUID, request: PageRequest | None = None
) -> Sequence[ScreeningDemand]:
    """Oldest first; with a page one row more than it holds."""
    statement = open_statement(uow, patient_id)
    if request is not None:
        if request.cursor is not None:
            last = (request.cursor.at, request.cursor.id)
            statement = statement.where(tuple_(*OLDEST_FIRST) > tuple_(*last))
        statement = statement.limit(request.limit + 1)
    return (await uow.db.scalars(statement)).all()


async def open_demand(
    uow: UnitOfWork, patient_id: UUID, instrument: Instrument, because: str
) -> ScreeningDemand | None:
    statement = open_statement(uow, patient_id).where(
        Demand.instrument == instrument, Demand.because == because
    )
    return (await uow.db.scalars(statement.limit(1))).first()


async def open_for(
    uow: UnitOfWork, patient_id: UUID, instrument: Instrument
) -> Sequence[ScreeningDemand]:
    """Whatever asks for this instrument, under locks."""
    statement = open_statement(uow, patient_id).where(Demand.instrument == instrument)
    return (await uow.db.scalars(locked(statement))).all()


async def answered_by(uow: UnitOfWork, screening_id: UUID) -> Sequence[ScreeningDemand]:
    statement = select(Demand).where(Demand.screening_id == screening_id).order_by(*OLDEST_FIRST)
    return (await uow.db.scalars(locked(statement))).all()


async def asked_by(uow: UnitOfWork, source_id: UUID) -> Sequence[ScreeningDemand]:
    """What this record asked for and is still open."""
    statement = select(Demand).where(Demand.source_id == source_id, STILL_OPEN)
    return (await uow.db.scalars(locked(statement.order_by(*OLDEST_FIRST)))).all()


async def add_demand(uow: UnitOfWork, **fields: Any) -> ScreeningDemand | None:
    """Store a demand; None when the same one is open already."""
    statement = (
        insert(Demand)
        .values(status=DemandStatus.OPEN, **fields)
        .on_conflict_do_nothing()
        .returning(Demand)
    )
    return (await uow.db.execute(statement)).scalar_one_or_none()
