"""A suspicion is formed: which reports are due because of it, and their clocks."""

from datetime import datetime
from uuid import UUID, uuid4

from app import audit, patients
from app.clinical import encounters
from app.crisis.reports import repository
from app.crisis.reports.clocks import plan_clocks
from app.crisis.reports.deadlines import Leg, due_at
from app.crisis.reports.errors import Fault, SuspicionUnfit
from app.crisis.reports.events import SuspicionFormed
from app.crisis.reports.inputs import (
    NewSuspicion,
)
from app.crisis.reports.lifecycle import ReportStatus
from app.crisis.reports.models import MandatoryReport, MandatoryReportMove, Suspicion
from app.crisis.reports.policies import require_clinician
from app.crisis.reports.repository import Found
from app.crisis.reports.rule_models import ReportRule
from app.crisis.reports.rule_schemas import SuspicionKind
from app.crisis.reports.rules import rules_for
from app.crisis.reports.settling import close_as_not_required
from app.infra.uow import UnitOfWork
from app.work_queues.calendars import OFFICE_HOURS, Calendar, load_calendar

Due = dict[Leg, datetime]


async def propose(
    uow: UnitOfWork, kind: SuspicionKind, jurisdiction: str, formed_at: datetime
) -> list[tuple[ReportRule, Due]]:
    """What is due by the rules that held when the suspicion was formed, and by when.

    Raises `MayNotFormSuspicions`, `SuspicionUnfit` for a moment to come.
    """
    require_clinician(uow)
    require_past(uow, formed_at)
    day = formed_at.astimezone(uow.zone).date()
    rules = await rules_for(uow, jurisdiction, kind, day)
    calendar = await load_calendar(uow, OFFICE_HOURS) if rules else None
    found = [(rule, due_of(rule, formed_at, calendar)) for rule in rules if calendar]
    return sorted(found, key=lambda each: (min(each[1].values()), each[0].key))


def due_of(rule: ReportRule, formed_at: datetime, calendar: Calendar) -> Due:
    limits = {leg: rule.limit(leg) for leg in Leg}
    return {leg: due_at(limit, formed_at, calendar) for leg, limit in limits.items() if limit}


async def form_suspicion(uow: UnitOfWork, new: NewSuspicion, *, jurisdiction: str) -> Suspicion:
    """The actor suspects, and has to report in person from here on; every report due is opened.

    `jurisdiction`: where the clinic is, unless the reporter says otherwise. Raises
    `MayNotFormSuspicions`, `SuspicionUnfit`, `PatientNotFound`, `EncounterNotFound`.
    """
    where = new.jurisdiction or jurisdiction
    proposed = await propose(uow, new.kind, where, new.formed_at)
    reasons = {each.rule_id: each.reason for each in new.declined}
    require_sense(proposed, set(reasons))
    patient = await patients.get_patient(uow, new.patient_id, lock=True)
    await require_encounter_of(uow, new.encounter_id, patient.id)
    suspicion = Suspicion(
        id=uuid4(),
        reporter_id=uow.actor.id,
        patient_id=patient.id,
        jurisdiction=where,
        entered_at=uow.now,
        **new.model_dump(exclude={"patient_id", "jurisdiction", "declined"}),
    )
    uow.db.add(suspicion)
    await uow.db.flush()
    opened = [await open_report(uow, suspicion, patient, rule, due) for rule, due in proposed]
    for found in opened:
        if found.report.rule_id in reasons:
            await close_as_not_required(uow, found, reasons[found.report.rule_id])
    report_ids = [found.report.id for found in opened]
    await audit.record(
        uow,
        "suspicion.form",
        patient_id=patient.id,
        subject=("suspicion", suspicion.id),
        detail={"reports": [str(each) for each in report_ids], "jurisdiction": where},
    )
    await uow.publish(
        SuspicionFormed(suspicion_id=suspicion.id, patient_id=patient.id, report_ids=report_ids)
    )
    return suspicion


async def open_report(
    uow: UnitOfWork, suspicion: Suspicion, patient: patients.Patient, rule: ReportRule, due: Due
) -> Found:
    report = MandatoryReport(
        id=uuid4(),
        suspicion_id=suspicion.id,
        rule_id=rule.id,
        reporter_id=suspicion.reporter_id,
        status=ReportStatus.OPEN,
        oral_due_at=due.get(Leg.ORAL),
        written_due_at=due.get(Leg.WRITTEN),
        turn_at=min(due.values()),
        version=1,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.db.add(report)
    await uow.db.flush()
    opening = MandatoryReportMove(
        report_id=report.id, to_status=report.status, moved_by=uow.actor.id, moved_at=uow.now
    )
    uow.db.add(opening)
    found = Found(report, suspicion, patient)
    plan_clocks(uow, found)
    await uow.db.flush()
    return found


def require_past(uow: UnitOfWork, formed_at: datetime) -> None:
    if formed_at > uow.now:
        raise unfit("formed_at", "That moment is still to come.", "moment_past")


def require_sense(proposed: list[tuple[ReportRule, Due]], declined: set[UUID]) -> None:
    if not proposed:
        why = "No rule of that jurisdiction covers this: ask compliance what is due."
        raise unfit("jurisdiction", why, "rule_known")
    if declined - {rule.id for rule, _ in proposed}:
        raise unfit("declined", "One of these is not proposed.", "rule_proposed")


async def require_encounter_of(
    uow: UnitOfWork, encounter_id: UUID | None, patient_id: UUID
) -> None:
    if encounter_id is None:
        return
    encounter = await encounters.get_encounter(uow, encounter_id)
    if (await patients.get_patient(uow, encounter.patient_id)).id != patient_id:
        raise unfit("encounter_id", "That visit was of somebody else.", "same_patient")


def unfit(field: str, why: str, rule: str) -> SuspicionUnfit:
    return SuspicionUnfit(errors=[Fault(at=["body", field], why=why, rule=rule)])


async def reports_of(uow: UnitOfWork, suspicion: Suspicion) -> list[Found]:
    """What came of it, by deadline."""
    return list(await repository.of_suspicion(uow, suspicion.id))
