"""A doctor's day with something in every section."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from app import patients
from app.clinical import encounters, notes, recordings
from app.crisis import episodes, risk
from app.dashboards import day
from app.infra.uow import Works
from app.kernel.actors import NOWHERE, Actor
from app.scheduling import appointments
from app.work_queues import items, rosters
from tests.builders.access import restricted
from tests.builders.appointments import an_appointment, an_arrival, at
from tests.builders.availability import Clinic, a_clinic
from tests.builders.notes import a_dictated_note, a_signed_note, a_typed_note
from tests.builders.orders import a_draft
from tests.builders.patients import a_patient
from tests.builders.prescriptions import WARFARIN
from tests.builders.prescriptions import a_draft as a_prescription_draft
from tests.builders.recordings import PIECES, a_completed_recording, a_recording
from tests.builders.results import CRITICAL, a_result
from tests.builders.work_queues_alerts import an_alert
from tests.builders.work_queues_rosters import DOCTORS, NURSES
from tests.builders.work_queues_tasks import a_task


@dataclass(frozen=True, kw_only=True)
class FullDay:
    """What `a_full_day` made."""

    clinic: Clinic
    booked: appointments.Appointment
    arrived: appointments.Appointment
    visit: encounters.Encounter
    patient: patients.Patient
    hidden: patients.Patient
    drafts: list[notes.NoteOut]
    receiving: recordings.Recording
    task: items.WorkItem
    episode_id: UUID


async def a_full_day(works: Works, doctor: Actor, desk: Actor, admin: Actor) -> FullDay:
    clinic = await a_clinic(works, desk, doctor)
    patient = await a_patient(works, desk)
    hidden = await a_patient(works, desk, given_name="Hidden", family_name="Person")
    booked = await an_appointment(
        works, desk, clinic, at("11:00"), patient_id=patient.id, room_id=clinic.room.id
    )
    arrived = await an_appointment(works, desk, clinic, at("10:00"), reason="cough")
    await an_arrival(works, desk, arrived.id)
    await an_appointment(works, desk, clinic, at("14:00"), patient_id=hidden.id)
    seen = await an_appointment(works, desk, clinic, at("09:30"))
    await an_arrival(works, desk, seen.id)
    async with works.begin(doctor) as uow:
        new = encounters.NewEncounter(appointment_id=seen.id)
        visit = await encounters.start_encounter(uow, new)
    drafts = [
        await a_typed_note(works, doctor, encounter_id=visit.id),
        await a_dictated_note(works, doctor),
        await a_signed_note(works, doctor),
    ]
    async with works.begin(doctor) as uow:
        await notes.open_amendment(uow, drafts[2].id, reason="Wrong side.")
        await risk.assess(uow, patient.id, risk.AssessRisk(level=risk.RiskLevel.MODERATE))
    receiving = await a_recording(works, doctor, pieces=PIECES)
    await a_completed_recording(works, doctor)
    stopped = await a_completed_recording(works, doctor)
    async with works.sessions.begin() as db:
        await db.execute(QUEUED, {"status": "failed", "id": stopped.id, "at": works.clock.now()})
    task = await a_task(works, by=doctor, pool_id=DOCTORS, patient_id=patient.id)
    await an_alert(works, by=doctor, pool_id=NURSES, assignee_id=doctor.id)
    held = await a_task(works, by=desk, pool_id=DOCTORS)
    async with works.begin(doctor) as uow:
        await items.claim(uow, held.id)
        said = episodes.OpenEpisode(patient_id=patient.id, remark="Called in tears.")
        episode = await episodes.open_episode(uow, said)
        await episodes.own(uow, episode.id)
    async with works.begin(admin) as uow:
        pool = await rosters.add_pool(uow, rosters.NewPool(key="ward", name="Ward"))
        await rosters.add_member(uow, pool.id, doctor.id)
    await a_task(works, pool_id=pool.id, title="On the ward")
    await a_result(works, doctor, CRITICAL, patient_id=patient.id)
    await a_draft(works, doctor, "cbc", patient_id=patient.id)
    await a_prescription_draft(works, doctor, patient.id, WARFARIN)
    await restricted(works, admin, hidden.id)
    return FullDay(
        clinic=clinic,
        booked=booked,
        arrived=arrived,
        visit=visit,
        patient=patient,
        hidden=hidden,
        drafts=drafts,
        receiving=receiving,
        task=task,
        episode_id=episode.id,
    )


QUEUED = text("""
    insert into transcriptions (recording_id, encounter_id, patient_id, status, created_at)
    select id, encounter_id, patient_id, :status, :at from recordings where id = :id
    on conflict (recording_id) do update set status = excluded.status
""")


async def fresh(works: Works, doctor: Actor) -> day.Entry:
    """The day as the database has it now, whatever is kept."""
    async with works.begin(doctor) as uow:
        return await day.build(uow)


async def kept(days: day.Days, doctor: Actor) -> day.DoctorDay:
    return day.DoctorDay.model_validate_json((await days.read(doctor, NOWHERE)).body)
