"""Every statement that touches the tables of results."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from app.clinical.orders import Order, Orderable, OrderItem, OrderItemNotFound
from app.clinical.results.errors import ResultNotFound
from app.clinical.results.judging import KnownRange
from app.clinical.results.lifecycle import WITHDRAWN
from app.clinical.results.models import (
    Analyte,
    DiagnosticReport,
    DiagnosticReportMove,
    Observation,
    PanelAnalyte,
    ReferenceRange,
    ReportVersion,
    ResultAcknowledgement,
    ResultCallback,
)
from app.clinical.results.schemas import Source
from app.infra.uow import UnitOfWork
from app.kernel.paging import PageRequest
from app.patients import Patient, joined_to_patient, records_of, visible_patients

NEWEST_FIRST = (DiagnosticReport.reported_at.desc(), DiagnosticReport.id.desc())
LONGEST_WAIT_FIRST = (DiagnosticReport.unacknowledged_since, DiagnosticReport.id)
MOST_POINTS = 1000
OF_COUNTING = and_(
    DiagnosticReport.id == Observation.report_id, DiagnosticReport.versions == Observation.number
)


class Ordered(NamedTuple):
    """Something ordered, as far as results are concerned."""

    item: OrderItem
    order: Order
    patient: Patient


def visible(uow: UnitOfWork) -> Select[DiagnosticReport]:
    joined = joined_to_patient(select(DiagnosticReport), DiagnosticReport.patient_id)
    return joined.where(visible_patients(uow))


async def get(uow: UnitOfWork, result_id: UUID, *, lock: bool = False) -> DiagnosticReport:
    statement = visible(uow).where(DiagnosticReport.id == result_id)
    if lock:
        statement = statement.with_for_update(of=DiagnosticReport, key_share=True)
        statement = statement.execution_options(populate_existing=True)
    report = (await uow.db.execute(statement)).scalar_one_or_none()
    if report is None:
        raise ResultNotFound(result_id=result_id)
    return report


async def patient_by_number(uow: UnitOfWork, mrn: str) -> Patient | None:
    """Of that record number, merged into another or not; for an import, which sees everybody."""
    statement = select(Patient).where(Patient.mrn == mrn, visible_patients(uow))
    return (await uow.db.execute(statement)).scalar_one_or_none()


async def by_external_id(
    uow: UnitOfWork, source: Source, external_id: str
) -> DiagnosticReport | None:
    """Whoever's it is: a number is taken also by a patient one may not see. Locked."""
    statement = (
        select(DiagnosticReport)
        .where(DiagnosticReport.source == source, DiagnosticReport.external_id == external_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return (await uow.db.execute(statement)).scalar_one_or_none()


async def add_unless_there(uow: UnitOfWork, **columns: Any) -> bool:
    """Whether it is new; not, when the sender's number is there already."""
    new = insert(DiagnosticReport).values(**columns).on_conflict_do_nothing()
    return (await uow.db.execute(new.returning(DiagnosticReport.id))).first() is not None


async def order_item(uow: UnitOfWork, order_item_id: UUID) -> Ordered:
    """Something ordered that the actor may see, with its order and the record that counts."""
    joined = joined_to_patient(
        select(OrderItem, Order, Patient).join(Order, Order.id == OrderItem.order_id),
        OrderItem.patient_id,
    )
    statement = joined.where(visible_patients(uow), OrderItem.id == order_item_id)
    row = (await uow.db.execute(statement)).one_or_none()
    if row is None:
        raise OrderItemNotFound(item_id=order_item_id)
    return Ordered(row[0], row[1], row[2])


async def encounter_of(uow: UnitOfWork, order_item_id: UUID | None) -> UUID | None:
    if order_item_id is None:
        return None
    statement = (
        select(Order.encounter_id)
        .join(OrderItem, OrderItem.order_id == Order.id)
        .where(OrderItem.id == order_item_id)
    )
    return await uow.db.scalar(statement)


async def of_patient(
    uow: UnitOfWork, patient_id: UUID, page: PageRequest
) -> Sequence[DiagnosticReport]:
    """Of all records of this person, one row more than the page holds, newest first."""
    statement = visible(uow).where(DiagnosticReport.patient_id.in_(records_of(patient_id)))
    if page.cursor is not None:
        last = (page.cursor.at, page.cursor.id)
        place = tuple_(DiagnosticReport.reported_at, DiagnosticReport.id)
        statement = statement.where(place < tuple_(*last))
    return (await uow.db.scalars(statement.order_by(*NEWEST_FIRST).limit(page.limit + 1))).all()


async def waiting_for(
    uow: UnitOfWork, responsible_ids: Collection[UUID], page: PageRequest
) -> Sequence[tuple[DiagnosticReport, Patient]]:
    """Those that wait for one of these doctors, the longest first, one more than asked for."""
    statement = (
        joined_to_patient(select(DiagnosticReport, Patient), DiagnosticReport.patient_id)
        .where(visible_patients(uow))
        .where(DiagnosticReport.responsible_id.in_(responsible_ids))
        .where(DiagnosticReport.unacknowledged_since.is_not(None))
        .order_by(*LONGEST_WAIT_FIRST)
        .limit(page.limit + 1)
    )
    if page.cursor is not None:
        last = (page.cursor.at, page.cursor.id)
        statement = statement.where(tuple_(*LONGEST_WAIT_FIRST) > tuple_(*last))
    return [(row[0], row[1]) for row in await uow.db.execute(statement)]


async def waiting_count(uow: UnitOfWork, responsible_ids: Collection[UUID]) -> int:
    statement = (
        joined_to_patient(
            select(func.count()).select_from(DiagnosticReport), DiagnosticReport.patient_id
        )
        .where(visible_patients(uow))
        .where(DiagnosticReport.responsible_id.in_(responsible_ids))
        .where(DiagnosticReport.unacknowledged_since.is_not(None))
    )
    return (await uow.db.execute(statement)).scalar_one()


async def overdue(
    uow: UnitOfWork, before: datetime, was_told: ColumnElement[bool], *, limit: int
) -> Sequence[DiagnosticReport]:
    """Those that wait since before and nobody was told of; for the sweep, which sees everybody's.

    Locked; those somebody is busy with just now wait for the next round.
    """
    statement = (
        select(DiagnosticReport)
        .where(DiagnosticReport.unacknowledged_since <= before, ~was_told)
        .order_by(*LONGEST_WAIT_FIRST)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return (await uow.db.scalars(statement)).all()


async def versions(uow: UnitOfWork, report_id: UUID) -> Sequence[ReportVersion]:
    """The latest first."""
    statement = select(ReportVersion).where(ReportVersion.report_id == report_id)
    return (await uow.db.scalars(statement.order_by(ReportVersion.number.desc()))).all()


async def version_of_content(uow: UnitOfWork, report_id: UUID, sha256: str) -> ReportVersion | None:
    statement = select(ReportVersion).where(
        ReportVersion.report_id == report_id, ReportVersion.content_sha256 == sha256
    )
    return (await uow.db.execute(statement)).scalar_one_or_none()


async def observations(uow: UnitOfWork, report_id: UUID) -> dict[int, list[Observation]]:
    """In order, by the number of the version."""
    statement = (
        select(Observation)
        .where(Observation.report_id == report_id)
        .order_by(Observation.number, Observation.position)
    )
    found: dict[int, list[Observation]] = defaultdict(list)
    for row in await uow.db.scalars(statement):
        found[row.number].append(row)
    return found


async def moves(uow: UnitOfWork, report_id: UUID) -> Sequence[DiagnosticReportMove]:
    statement = select(DiagnosticReportMove).where(DiagnosticReportMove.report_id == report_id)
    return (await uow.db.scalars(statement.order_by(DiagnosticReportMove.seq))).all()


async def acknowledgements(uow: UnitOfWork, report_id: UUID) -> dict[int, ResultAcknowledgement]:
    statement = select(ResultAcknowledgement).where(ResultAcknowledgement.report_id == report_id)
    return {row.number: row for row in await uow.db.scalars(statement)}


async def callbacks(uow: UnitOfWork, report_id: UUID) -> Sequence[ResultCallback]:
    statement = select(ResultCallback).where(ResultCallback.report_id == report_id)
    ordered = statement.order_by(ResultCallback.recorded_at, ResultCallback.id)
    return (await uow.db.scalars(ordered)).all()


async def points(
    uow: UnitOfWork, patient_id: UUID, codes: Collection[str]
) -> list[tuple[Observation, DiagnosticReport]]:
    """What counts now of these analytes, of all a person's records: the latest, oldest first."""
    statement = (
        joined_to_patient(
            select(Observation, DiagnosticReport).join(DiagnosticReport, OF_COUNTING),
            Observation.patient_id,
        )
        .where(visible_patients(uow))
        .where(Observation.patient_id.in_(records_of(patient_id)), Observation.code.in_(codes))
        .where(DiagnosticReport.status.not_in(WITHDRAWN))
        .order_by(Observation.observed_at.desc(), Observation.report_id, Observation.position)
        .limit(MOST_POINTS)
    )
    rows = [(row[0], row[1]) for row in await uow.db.execute(statement)]
    return rows[::-1]


async def measured(uow: UnitOfWork, patient_id: UUID, limit: int) -> list[tuple[str, int]]:
    """Codes that were measured more than once, and how often: the most often first."""
    times = func.count()
    statement = (
        joined_to_patient(
            select(Observation.code, times).join(DiagnosticReport, OF_COUNTING),
            Observation.patient_id,
        )
        .where(visible_patients(uow))
        .where(Observation.patient_id.in_(records_of(patient_id)), Observation.code.is_not(None))
        .where(Observation.value_number.is_not(None), DiagnosticReport.status.not_in(WITHDRAWN))
        .group_by(Observation.code)
        .having(times > 1)
        .order_by(times.desc(), Observation.code)
        .limit(limit)
    )
    return [(row[0] or "", row[1]) for row in await uow.db.execute(statement)]


async def values_of(uow: UnitOfWork, report_ids: Collection[UUID]) -> dict[UUID, list[Observation]]:
    """The values that count of each of these reports, in order."""
    statement = (
        select(Observation)
        .join(DiagnosticReport, OF_COUNTING)
        .where(Observation.report_id.in_(report_ids))
        .order_by(Observation.report_id, Observation.position)
    )
    found: dict[UUID, list[Observation]] = defaultdict(list)
    for row in await uow.db.scalars(statement):
        found[row.report_id].append(row)
    return found


async def counting(
    uow: UnitOfWork, report_ids: Collection[UUID]
) -> dict[UUID, tuple[ReportVersion, ResultAcknowledgement | None]]:
    """The version that counts of each of these reports, and who acknowledged it."""
    statement = (
        select(ReportVersion, ResultAcknowledgement)
        .join(
            DiagnosticReport,
            and_(
                DiagnosticReport.id == ReportVersion.report_id,
                DiagnosticReport.versions == ReportVersion.number,
            ),
        )
        .outerjoin(
            ResultAcknowledgement,
            and_(
                ResultAcknowledgement.report_id == ReportVersion.report_id,
                ResultAcknowledgement.number == ReportVersion.number,
            ),
        )
        .where(ReportVersion.report_id.in_(report_ids))
    )
    rows = (await uow.db.execute(statement)).all()
    return {version.report_id: (version, answer) for version, answer in rows}


async def ranges(uow: UnitOfWork, codes: Collection[str], on: date) -> dict[str, list[KnownRange]]:
    """Those in effect that day, by analyte."""
    statement = (
        select(ReferenceRange)
        .where(ReferenceRange.analyte_code.in_(codes), ReferenceRange.effective_from <= on)
        .where(or_(ReferenceRange.effective_to.is_(None), ReferenceRange.effective_to >= on))
        .order_by(ReferenceRange.analyte_code, ReferenceRange.id)
    )
    found: dict[str, list[KnownRange]] = defaultdict(list)
    for row in await uow.db.scalars(statement):
        found[row.analyte_code].append(row.known())
    return found


async def analytes_of_panel(uow: UnitOfWork, code: str | None) -> Sequence[Analyte]:
    """What a panel reports, or the one analyte of that code; nothing for what is not known."""
    if code is None:
        return []
    of_panel = (
        select(Analyte)
        .join(PanelAnalyte, PanelAnalyte.analyte_code == Analyte.code)
        .where(PanelAnalyte.panel_code == code)
        .order_by(PanelAnalyte.position)
    )
    found = (await uow.db.scalars(of_panel)).all()
    if found:
        return found
    return (await uow.db.scalars(select(Analyte).where(Analyte.code == code))).all()


async def all_analytes(uow: UnitOfWork) -> Sequence[Analyte]:
    return (await uow.db.scalars(select(Analyte).order_by(Analyte.name))).all()


async def loinc_of(uow: UnitOfWork, item: OrderItem) -> str | None:
    if item.orderable_key is None:
        return None
    statement = select(Orderable.loinc).where(Orderable.key == item.orderable_key)
    return await uow.db.scalar(statement)
