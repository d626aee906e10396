"""A patient to whom much has happened, and the timeline as it stands in the database."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from app.clinical import encounters, notes, prescriptions, problems, results
from app.clinical.notes.body import SectionKey
from app.crisis import episodes, risk, signals
from app.crisis.detection import Concept
from app.crisis.risk import RiskLevel
from app.dashboards import timeline
from app.dashboards.timeline import projection, repository
from app.infra import relay
from app.infra.outbox import OutboxRow
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling import appointments
from app.work_queues import alerts
from tests.builders.appointments import a_cancellation, an_appointment, an_arrival, at
from tests.builders.availability import Clinic
from tests.builders.encounters import an_encounter
from tests.builders.notes import a_typed_note, amended, signed, with_addendum
from tests.builders.orders import an_order
from tests.builders.patients import a_patient
from tests.builders.prescriptions import LISINOPRIL, an_issued
from tests.builders.problems import a_problem
from tests.builders.results import CRITICAL, a_result
from tests.builders.safety_plans import a_published_plan
from tests.builders.screenings import HIGH, a_completed_screening
from tests.builders.work_queues_alerts import an_alert
from tests.builders.work_queues_rosters import DOCTORS

MEASURED = {
    SectionKey.VITALS: "Blood pressure is 152 over 94. Heart rate is 88.",
    SectionKey.DIAGNOSES: "Essential hypertension.",
    SectionKey.TREATMENT: "Lisinopril 10 milligrams once daily.",
}
LATER = {**MEASURED, SectionKey.VITALS: "Blood pressure is 138 over 86."}


async def a_history(
    works: Works, doctor: Actor, receptionist: Actor, clinic: Clinic, patient_id: UUID | None = None
) -> UUID:
    """Of every kind of entry at least one, and some of those changed, called off or in error."""
    patient_id = patient_id or (await a_patient(works, doctor)).id
    for clock in ("10:00", "11:00", "13:00"):
        booked = await an_appointment(works, receptionist, clinic, at(clock), patient_id=patient_id)
    await a_cancellation(works, receptionist, booked.id)
    later = await an_appointment(works, receptionist, clinic, at("14:00"), patient_id=patient_id)
    async with works.begin(receptionist) as uow:
        move = appointments.Reschedule.model_validate({"starts_at": at("15:00")})
        await appointments.reschedule(uow, later.id, move)
    came = await an_appointment(works, receptionist, clinic, at("09:30"), patient_id=patient_id)
    await an_arrival(works, receptionist, came.id)
    visit = await an_encounter(works, doctor, patient_id=patient_id)
    note = await a_typed_note(works, doctor, MEASURED, encounter_id=visit.id)
    await signed(works, doctor, note)
    await amended(works, doctor, note.id, LATER)
    await with_addendum(works, doctor, note.id)
    wrong = await signed(
        works, doctor, await a_typed_note(works, doctor, MEASURED, encounter_id=visit.id)
    )
    async with works.begin(doctor) as uow:
        await notes.enter_in_error(uow, wrong.id, reason="Another patient's.")
    await a_typed_note(works, doctor, MEASURED, encounter_id=visit.id)
    async with works.begin(doctor) as uow:
        await encounters.complete_encounter(uow, visit.id)
    await a_completed_screening(works, doctor, patient_id, answers=HIGH)
    alert = await an_alert(works, by=doctor, pool_id=DOCTORS, patient_id=patient_id)
    async with works.begin(doctor) as uow:
        concern = signals.RaiseSignal(
            patient_id=patient_id, concept=Concept.SELF_HARM, words="Fresh cuts."
        )
        await signals.raise_signal(uow, concern)
        await risk.assess(uow, patient_id, risk.AssessRisk(level=RiskLevel.HIGH))
        opened = episodes.OpenEpisode(patient_id=patient_id, remark="Called in tears.")
        await episodes.open_episode(uow, opened)
        await alerts.resolve(uow, alert.id, reason="Repeated: normal.")
    await a_published_plan(works, doctor, patient_id)
    await what_is_to_be_done(works, doctor, patient_id)
    return patient_id


async def what_is_to_be_done(works: Works, doctor: Actor, patient_id: UUID) -> None:
    """A medicine stopped, an order placed, a result corrected, and a problem that is over."""
    issued = await an_issued(works, doctor, patient_id, LISINOPRIL)
    await an_order(works, doctor, "tsh", "ekg", patient_id=patient_id)
    result = await a_result(works, doctor, CRITICAL, patient_id=patient_id)
    problem = await a_problem(works, doctor, patient_id, description="Gout")
    async with works.begin(doctor) as uow:
        await prescriptions.stop_item(uow, issued.items[0].id, reason="Cough.")
        again = results.NewVersion.model_validate(CRITICAL | {"status": "corrected"})
        await results.add_version(uow, result.id, again)
        await problems.resolve_problem(uow, problem.id)


async def facts(works: Works) -> list[UUID]:
    """Every fact the timeline should hear."""
    names = [event for event in works.subscriptions._by_event if listens(works, event)]
    async with works.sessions() as db:
        rows = select(OutboxRow.id).where(OutboxRow.name.in_(names)).order_by(OutboxRow.seq)
        return list(await db.scalars(rows))


def listens(works: Works, event: str) -> bool:
    return "timeline" in works.subscriptions.to(event)


async def tell(works: Works, fact_id: UUID) -> None:
    """As the worker tells it, and as often as it is asked to."""
    async with works.begin(relay.RELAY) as uow:
        row = await uow.db.scalar(select(OutboxRow).where(OutboxRow.id == fact_id))
        assert row is not None
        await projection.hear(uow, relay.fact_of(row))


async def stored(works: Works) -> dict[str, Any]:
    """Everything the projections say; not when they were written."""
    entries = "select to_jsonb(e) - 'stored_at' from timeline_entries e order by kind, id"
    vitals = "select to_jsonb(v) from vital_signs v order by note_id, position"
    async with works.sessions() as db:
        return {
            "entries": list((await db.execute(text(entries))).scalars()),
            "vitals": list((await db.execute(text(vitals))).scalars()),
        }


async def forget(works: Works) -> None:
    """As before the timeline was there."""
    tables = ("timeline_entries", "timeline_patients", "timeline_arrears", "vital_signs")
    async with works.begin(relay.RELAY) as uow:
        for table in tables:
            await uow.db.execute(text(f"delete from {table}"))


async def owe(works: Works, patient_id: UUID, facts: list[UUID]) -> None:
    """As if the patient had been built before all this, and no worker had run since."""
    arrears = (
        "insert into timeline_arrears (fact_id, patient_id)"
        " select id, :patient from outbox where id = any(:facts)"
    )
    async with works.begin(relay.RELAY) as uow:
        await repository.built(uow, patient_id)
        await uow.db.execute(text(arrears), {"patient": patient_id, "facts": facts})


async def read(works: Works, by: Actor, patient_id: UUID, **asked: Any) -> list[timeline.Row]:
    async with works.begin(by) as uow:
        query = timeline.TimelineQuery(**asked)
        return (await timeline.read_timeline(uow, patient_id, query)).rows
