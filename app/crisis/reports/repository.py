"""Every statement that touches reports. Who may see one is decided here, for every reader."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, true, tuple_

from app.crisis.reports.errors import ReportNotFound
from app.crisis.reports.lifecycle import ClockStatus
from app.crisis.reports.models import (
    Disclosure,
    MandatoryReport,
    MandatoryReportMove,
    OralReport,
    ReportClock,
    ReportReader,
    ReportTextVersion,
    Suspicion,
    WrittenReport,
)
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.kernel.paging import PageRequest
from app.patients import Patient, joined_to_patient, records_of
from app.work_queues.rosters import pools_of

COMPLIANCE = UUID("00000000-0000-4000-8000-0000000000a5")  # made by a migration
Report = MandatoryReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Compartment:
    """Who is asking: one of compliance sees every report, others theirs and those opened to them.

    Whether they may otherwise see the patient plays no part: the duty must not be impeded.
    """

    actor_id: UUID
    everything: bool

    def filter(self) -> ColumnElement[bool]:
        """For every statement that reads reports or joins them."""
        if self.everything:
            return true()
        named = select(ReportReader.user_id).where(
            ReportReader.report_id == Report.id, ReportReader.user_id == self.actor_id
        )
        return or_(Report.reporter_id == self.actor_id, named.exists())


async def compartment_of(uow: UnitOfWork) -> Compartment:
    system = uow.actor.has_any(Role.SYSTEM)
    return Compartment(
        actor_id=uow.actor.id, everything=system or COMPLIANCE in await pools_of(uow)
    )


@dataclass(frozen=True, slots=True)
class Found:
    """A report with what it is about, and the record of the patient that counts."""

    report: MandatoryReport
    suspicion: Suspicion
    patient: Patient


async def visible(uow: UnitOfWork) -> Select[*tuple[Any, ...]]:
    joined = select(Report, Suspicion, Patient).join(Suspicion, Suspicion.id == Report.suspicion_id)
    within = (await compartment_of(uow)).filter()
    return joined_to_patient(joined, Suspicion.patient_id).where(within)


async def get(uow: UnitOfWork, report_id: UUID, *, lock: bool = False) -> Found:
    """Raises `ReportNotFound`, for those who may not see it as well."""
    statement = (await visible(uow)).where(Report.id == report_id)
    if lock:
        statement = statement.with_for_update(of=Report, key_share=True)
        statement = statement.execution_options(populate_existing=True)
    row = (await uow.db.execute(statement)).one_or_none()
    if row is None:
        raise ReportNotFound(report_id=report_id)
    return Found(*row)


async def page(uow: UnitOfWork, request: PageRequest, *, closed: bool) -> Sequence[Found]:
    """One row more than the page holds: open ones by deadline, closed ones the latest first."""
    order: tuple[Any, ...] = (Report.turn_at, Report.id)
    statement = await visible(uow)
    if request.cursor is not None:
        last = tuple_(request.cursor.at, request.cursor.id)
        behind = tuple_(*order) < last if closed else tuple_(*order) > last
        statement = statement.where(behind)
    if closed:
        statement = statement.where(Report.closed_at.is_not(None))
        order = tuple(each.desc() for each in order)
    else:
        statement = statement.where(Report.closed_at.is_(None))
    rows = await uow.db.execute(statement.order_by(*order).limit(request.limit + 1))
    return [Found(*row) for row in rows]


async def of_patient(uow: UnitOfWork, patient_id: UUID, most: int) -> Sequence[Found]:
    """Of this person, those due first, then the closed ones."""
    statement = (await visible(uow)).where(Suspicion.patient_id.in_(records_of(patient_id)))
    ordered = statement.order_by(Report.closed_at.nulls_first(), Report.turn_at, Report.id)
    return [Found(*row) for row in await uow.db.execute(ordered.limit(most))]


async def of_suspicion(uow: UnitOfWork, suspicion_id: UUID) -> Sequence[Found]:
    statement = (await visible(uow)).where(Report.suspicion_id == suspicion_id)
    rows = await uow.db.execute(statement.order_by(Report.turn_at, Report.id))
    return [Found(*row) for row in rows]


async def orals(uow: UnitOfWork, report_id: UUID) -> Sequence[OralReport]:
    statement = select(OralReport).where(OralReport.report_id == report_id)
    return (await uow.db.scalars(statement.order_by(OralReport.called_at, OralReport.id))).all()


async def written(uow: UnitOfWork, report_id: UUID) -> WrittenReport | None:
    return await uow.db.get(WrittenReport, report_id)


async def readers(uow: UnitOfWork, report_id: UUID) -> Sequence[ReportReader]:
    statement = select(ReportReader).where(ReportReader.report_id == report_id)
    order = (ReportReader.named_at, ReportReader.user_id)
    return (await uow.db.scalars(statement.order_by(*order))).all()


async def moves(uow: UnitOfWork, report_id: UUID) -> Sequence[MandatoryReportMove]:
    statement = select(MandatoryReportMove).where(MandatoryReportMove.report_id == report_id)
    return (await uow.db.scalars(statement.order_by(MandatoryReportMove.seq))).all()


async def reasons(uow: UnitOfWork, report_ids: Collection[UUID]) -> dict[UUID, str]:
    """Why reports were held not to be required, by report."""
    move = MandatoryReportMove
    statement = select(move.report_id, move.reason).where(
        move.report_id.in_(report_ids), move.reason.is_not(None)
    )
    return {row[0]: row[1] or "" for row in await uow.db.execute(statement)}


async def latest_text(uow: UnitOfWork, report_id: UUID) -> ReportTextVersion | None:
    row = ReportTextVersion
    statement = select(row).where(row.report_id == report_id).order_by(row.version.desc()).limit(1)
    return (await uow.db.scalars(statement)).one_or_none()


async def text_version(uow: UnitOfWork, report_id: UUID, version: int) -> ReportTextVersion | None:
    return await uow.db.get(ReportTextVersion, (report_id, version))


async def known_texts(uow: UnitOfWork, document_ids: Collection[UUID]) -> set[UUID]:
    pointed = ReportTextVersion.document_id
    return set(await uow.db.scalars(select(pointed).where(pointed.in_(document_ids))))


async def planned(uow: UnitOfWork, report_id: UUID) -> Sequence[ReportClock]:
    """Clocks of a locked report that neither fired nor were given up, in order."""
    statement = (
        select(ReportClock)
        .where(ReportClock.report_id == report_id, ReportClock.status == ClockStatus.PLANNED)
        .order_by(ReportClock.fire_at, ReportClock.id)
        .execution_options(populate_existing=True)
    )
    return (await uow.db.scalars(statement)).all()


async def reports_due(
    uow: UnitOfWork, at: datetime, *, without: Collection[UUID], limit: int
) -> Sequence[UUID]:
    """Reports with a clock that is due, those due longest first."""
    statement = (
        select(ReportClock.report_id)
        .where(
            ReportClock.status == ClockStatus.PLANNED,
            ReportClock.fire_at <= at,
            ReportClock.report_id.not_in(without),
        )
        .order_by(ReportClock.fire_at, ReportClock.report_id)
        .limit(limit)
    )
    return list(dict.fromkeys(await uow.db.scalars(statement)))


async def disclosures(
    uow: UnitOfWork, patient_id: UUID, request: PageRequest
) -> Sequence[Disclosure]:
    """Of one person, the latest first; those of reports only who may see the report sees."""
    order = (Disclosure.disclosed_at, Disclosure.id)
    statement = (
        select(Disclosure)
        .join(Report, Report.id == Disclosure.report_id)
        .where(
            Disclosure.patient_id.in_(records_of(patient_id)),
            (await compartment_of(uow)).filter(),
        )
    )
    if request.cursor is not None:
        statement = statement.where(tuple_(*order) < tuple_(request.cursor.at, request.cursor.id))
    last_first = [each.desc() for each in order]
    return (await uow.db.scalars(statement.order_by(*last_first).limit(request.limit + 1))).all()
