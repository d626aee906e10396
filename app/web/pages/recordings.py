"""The page of a recording: how far it is, what was heard, and what to do when it stopped."""

from uuid import UUID

from fastapi import Response

from app import identity, patients
from app.clinical import encounters, notes, recordings, transcription
from app.infra.http.access import allow
from app.infra.http.deps import Uow
from app.infra.http.routing import page_router
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.kernel.paging import PageRequest
from app.web.banners import banner_of
from app.web.framing import PageFrame
from app.web.presenters.recordings import recording_page
from app.web.rendering import render

router = page_router("/recordings")


@router.get("/{recording_id}", dependencies=[allow(Role.DOCTOR, Role.NURSE)])
async def show_recording(recording_id: UUID, uow: Uow, frame: PageFrame) -> Response:
    recording = await recordings.read_recording(uow, recording_id)
    encounter = await encounters.get_encounter(uow, recording.encounter_id)
    patient = await patients.get_patient(uow, recording.patient_id)
    names = await identity.names_of(uow, {recording.started_by})
    [described] = await recordings.describe(uow, recording)
    owners = {recording.started_by, encounter.practitioner_id}
    view = recording_page(
        described,
        await transcription.progress_of(uow, recording_id),
        banner=await banner_of(uow, patient),
        note_id=await note_of(uow, recording),
        by=names[recording.started_by],
        mine=uow.actor.has_any(Role.DOCTOR) and uow.actor.id in owners,
    )
    return render("recordings/recording.html", view, frame)


async def note_of(uow: UnitOfWork, recording: recordings.Recording) -> UUID | None:
    """The note drafted from this recording, if the reader may see it."""
    page = PageRequest(limit=100)
    found = await notes.list_notes_of_encounter(uow, recording.encounter_id, page)
    return next((note.id for note in found.items if note.recording_id == recording.id), None)
