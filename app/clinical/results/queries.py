"""Looking at results."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from app import audit, patients
from app.clinical.results import policies, repository
from app.clinical.results.answers import (
    AnalyteOut,
    CountingOut,
    ObservationOut,
    PointOut,
    ReportOut,
    SeriesOut,
    WaitingOut,
    WholeReport,
)
from app.clinical.results.describing import (
    counting_out,
    describe,
    number,
    observation_out,
    reports_out,
)
from app.clinical.results.following import SUBJECT
from app.clinical.results.judging import KnownRange, Whose, is_for, months_old, nearest, same
from app.clinical.results.models import Analyte, DiagnosticReport, Observation
from app.infra.uow import UnitOfWork
from app.kernel.paging import Cursor, PageRequest, page_of
from app.patients import Patient
from app.work_queues import rosters

FIRST_PAGE = PageRequest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a result may wait to be acknowledged."""

    ageing_after: timedelta = timedelta(days=3)
    overdue_after: timedelta = timedelta(days=7)

    @classmethod
    def of_days(cls, ageing: int, overdue: int) -> "Patience":
        return cls(ageing_after=timedelta(days=ageing), overdue_after=timedelta(days=overdue))

    def age(self, since: datetime, now: datetime) -> str:
        if now - since >= self.overdue_after:
            return "overdue"
        return "ageing" if now - since >= self.ageing_after else "new"


DEFAULT_PATIENCE = Patience()


class Waiting(NamedTuple):
    """A result nobody has acknowledged, with the record that counts."""

    report: DiagnosticReport
    patient: Patient


async def list_results(
    uow: UnitOfWork, patient_id: UUID, page: PageRequest = FIRST_PAGE
) -> tuple[list[ReportOut], str | None]:
    """A patient's, newest first, and the cursor of the next page; raises `PatientNotFound`."""
    policies.require_clinician(uow)
    patient = await patients.get_patient(uow, patient_id)
    rows = await repository.of_patient(uow, patient.id, page)
    found, next_cursor = page_of(rows, page, key=lambda r: Cursor(at=r.reported_at, id=r.id))
    await audit.record(
        uow,
        "result.list",
        patient_id=patient.id,
        detail={"results": [str(report.id) for report in found]},
    )
    return await reports_out(uow, found), next_cursor


async def read_result(uow: UnitOfWork, result_id: UUID) -> WholeReport:
    """With everything that was ever reported; raises `ResultNotFound`."""
    policies.require_clinician(uow)
    report = await repository.get(uow, result_id)
    await audit.record(
        uow, "result.read", patient_id=report.patient_id, subject=(SUBJECT, report.id)
    )
    return await describe(uow, report)


async def unacknowledged(
    uow: UnitOfWork, doctor_id: UUID, page: PageRequest = FIRST_PAGE
) -> tuple[list[Waiting], str | None]:
    """What waits for a doctor and for whom they stand in, the longest first.

    Leaves no trace in the audit trail: whoever shows it does.
    """
    policies.require_clinician(uow)
    mine = await responsible_for(uow, doctor_id)
    rows = [Waiting(*row) for row in await repository.waiting_for(uow, mine, page)]
    return page_of(rows, page, key=place)


def place(waiting: Waiting) -> Cursor:
    assert waiting.report.unacknowledged_since is not None
    return Cursor(at=waiting.report.unacknowledged_since, id=waiting.report.id)


async def responsible_for(uow: UnitOfWork, doctor_id: UUID) -> set[UUID]:
    return {doctor_id, *await rosters.absent_behind(uow, doctor_id, uow.now)}


async def count_unacknowledged(uow: UnitOfWork, doctor_id: UUID) -> int:
    """How many wait for a doctor and for whom they stand in; leaves no trace."""
    policies.require_clinician(uow)
    return await repository.waiting_count(uow, await responsible_for(uow, doctor_id))


async def my_unacknowledged(
    uow: UnitOfWork, page: PageRequest = FIRST_PAGE, patience: Patience = DEFAULT_PATIENCE
) -> tuple[list[WaitingOut], str | None]:
    """The actor's own list; who saw it saw every patient on it."""
    rows, next_cursor = await unacknowledged(uow, uow.actor.id, page)
    ids = list(dict.fromkeys(str(row.patient.id) for row in rows))
    await audit.record(uow, "result.list-unacknowledged", detail={"patients": ids})
    reports = await reports_out(uow, [row.report for row in rows])
    return [
        waiting_out(uow, row, report, patience) for row, report in zip(rows, reports, strict=True)
    ], next_cursor


def waiting_out(
    uow: UnitOfWork, waiting: Waiting, report: ReportOut, patience: Patience
) -> WaitingOut:
    since = waiting.report.unacknowledged_since
    assert since is not None
    patient = waiting.patient
    return WaitingOut(
        report=report,
        patient_name=f"{patient.family_name}, {patient.given_name}",
        mrn=patient.mrn,
        birth_date=patient.birth_date,
        age=patience.age(since, uow.now),
        days=(uow.now - since).days,
    )


async def values_of(
    uow: UnitOfWork, report_ids: Collection[UUID]
) -> dict[UUID, list[ObservationOut]]:
    """The values that count of each of these, which the actor was shown; leaves no trace."""
    found = await repository.values_of(uow, report_ids)
    return {
        report_id: [observation_out(each) for each in values] for report_id, values in found.items()
    }


async def counting_of(uow: UnitOfWork, report_ids: Collection[UUID]) -> dict[UUID, CountingOut]:
    """What counts of each of these, which the actor was shown; leaves no trace."""
    found = await repository.counting(uow, report_ids)
    values = await repository.values_of(uow, report_ids)
    return await counting_out(uow, found, values)


async def read_trend(uow: UnitOfWork, patient_id: UUID, code: str) -> list[SeriesOut]:
    """One analyte over time, a series for each unit; raises `PatientNotFound`."""
    policies.require_clinician(uow)
    patient = await patients.get_patient(uow, patient_id)
    await audit.record(uow, "result.trend", patient_id=patient.id)
    return await trend(uow, patient.id, code)


async def trend(uow: UnitOfWork, patient_id: UUID, *codes: str) -> list[SeriesOut]:
    """The same of any number of analytes, without a trace, for verbs that leave their own."""
    series: list[SeriesOut] = []
    for observation, report in await repository.points(uow, patient_id, codes):
        code, unit = observation.code or "", observation.unit
        fitting = (each for each in series if each.code == code and same(each.unit or "", unit))
        found = next(fitting, None)
        if found is None:
            found = SeriesOut(code=code, name=observation.name, unit=unit, points=[])
            series.append(found)
        found.points.append(point_out(observation, report))
    return series


async def often_measured(uow: UnitOfWork, patient_id: UUID, *, limit: int = 6) -> list[str]:
    """Codes with more than one number, the most often measured first; leaves no trace."""
    return [code for code, _ in await repository.measured(uow, patient_id, limit)]


def point_out(observation: Observation, report: DiagnosticReport) -> PointOut:
    told = observation_out(observation)
    return PointOut(
        result_id=report.id,
        at=observation.observed_at,
        comparator=told.comparator,
        value=told.value,
        text=told.text,
        low=told.low,
        high=told.high,
        flag=told.flag,
        status=report.status,
    )


async def entry_analytes(uow: UnitOfWork, order_item_id: UUID) -> list[AnalyteOut]:
    """What is usually reported for something ordered, with the patient's ranges of today.

    Nothing for what the catalogue does not know. Raises `OrderItemNotFound`.
    """
    policies.require_clinician(uow)
    ordered = await repository.order_item(uow, order_item_id)
    analytes = await repository.analytes_of_panel(uow, await repository.loinc_of(uow, ordered.item))
    await audit.record(
        uow,
        "result.prepare",
        patient_id=ordered.item.patient_id,
        subject=("order_item", ordered.item.id),
    )
    whose = Whose(
        sex=ordered.patient.sex, age_months=months_old(ordered.patient.birth_date, uow.today)
    )
    known = await repository.ranges(uow, [each.code for each in analytes], uow.today)
    return [analyte_out(each, known.get(each.code, []), whose) for each in analytes]


def analyte_out(analyte: Analyte, known: Sequence[KnownRange], whose: Whose) -> AnalyteOut:
    """No range where several might be meant: which, nobody knows."""
    fitting = nearest([each for each in known if is_for(each, whose)])
    usual = [each for each in fitting if same(each.unit, analyte.unit)]
    one = usual[0] if len(usual) == 1 else None
    limits = one.limits if one else None
    return AnalyteOut(
        code=analyte.code,
        name=analyte.name,
        unit=analyte.unit,
        low=number(limits.low) if limits else None,
        high=number(limits.high) if limits else None,
        critical_low=number(limits.critical_low) if limits else None,
        critical_high=number(limits.critical_high) if limits else None,
        source=one.source if one else None,
    )
