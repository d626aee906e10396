"""The page of an encounter: consent, dictation, recordings, notes."""

from uuid import UUID

from fastapi import Response
from fastapi.responses import RedirectResponse

from app import identity, patients
from app.clinical import encounters, notes, recordings, transcription
from app.clinical.encounters import EncounterStatus
from app.crisis import screenings
from app.infra.http.access import STAFF, allow
from app.infra.http.deps import Uow
from app.infra.http.routing import page_router
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.kernel.paging import PageRequest
from app.scheduling import appointments
from app.web.banners import banner_of
from app.web.framing import PageFrame
from app.web.presenters import encounter_page as present
from app.web.presenters.note_rows import NoteRow, header_row
from app.web.presenters.recordings import RecordingRow
from app.web.presenters.recordings import row as recording_row
from app.web.presenters.signals import concern
from app.web.rendering import render

router = page_router("/encounters")

CLINICIANS = (Role.DOCTOR, Role.NURSE)
WITNESSES = (*CLINICIANS, Role.RECEPTIONIST)
SHOWN = PageRequest(limit=50)


@router.get("/{encounter_id}", dependencies=[allow(*STAFF)])
async def show_encounter(encounter_id: UUID, uow: Uow, frame: PageFrame) -> Response:
    encounter = await encounters.read_encounter(uow, encounter_id)
    patient = await patients.get_patient(uow, encounter.patient_id)
    if await screenings.interruption_for(uow, patient.id) is not None:
        target = f"/patients/{patient.id}/interruption?encounter={encounter.id}"
        return RedirectResponse(target, status_code=303)
    names = await identity.names_of(uow, {encounter.practitioner_id})
    consents = await encounters.latest_consents(uow, [encounter_id])
    clinical = patients.sees_clinical_fields(uow.actor)
    is_open = encounter.status is EncounterStatus.IN_PROGRESS
    is_doctor = uow.actor.has_any(Role.DOCTOR)
    view = present.encounter_page(
        encounter,
        planned=await planned_as(uow, encounter),
        banner=await banner_of(uow, patient),
        practitioner=names[encounter.practitioner_id],
        latest_consent=consents.get(encounter_id),
        sees_reason=encounters.sees_reason(uow.actor),
        recordings=await recordings_of(uow, encounter_id) if clinical else None,
        notes=await notes_of(uow, encounter_id) if clinical else None,
        concern=concern(patient.id, then=f"/encounters/{encounter_id}", encounter_id=encounter_id)
        if clinical
        else None,
        may=present.May(
            dictate=is_doctor and is_open,
            record_consent=uow.actor.has_any(*WITNESSES) and is_open,
            complete=clinical and is_open,
            write=is_doctor and encounter.status in present.NOTABLE,
        ),
    )
    return render("encounters/encounter.html", view, frame)


async def planned_as(uow: UnitOfWork, encounter: encounters.Encounter) -> present.Planned | None:
    if encounter.appointment_id is None:
        return None
    appointment = await appointments.get_appointment(uow, encounter.appointment_id)
    return present.planned(appointment, uow.zone)


async def recordings_of(uow: UnitOfWork, encounter_id: UUID) -> tuple[RecordingRow, ...]:
    found, _ = await recordings.list_recordings(uow, encounter_id=encounter_id, page=SHOWN)
    progress = await transcription.progress_of_many(uow, found)
    described = await recordings.describe(uow, *found)
    return tuple(recording_row(one, progress[one.id]) for one in described)


async def notes_of(uow: UnitOfWork, encounter_id: UUID) -> tuple[NoteRow, ...]:
    found = await notes.list_notes_of_encounter(uow, encounter_id, SHOWN)
    return tuple(header_row(one) for one in found.items)
