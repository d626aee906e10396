"""The first page after signing in."""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Request, Response

from app import identity, patients
from app.clinical import encounters, notes, recordings, transcription
from app.clinical.transcription import TranscriptionStatus
from app.infra.http.access import ANYONE_SIGNED_IN, allow
from app.infra.http.deps import Uow
from app.infra.http.routing import page_router
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.kernel.paging import PageRequest
from app.web.framing import PageFrame
from app.web.pages.today import todays_list
from app.web.presenters import home as present
from app.web.presenters.encounters import EncounterRow, encounter_row
from app.web.presenters.formats import full_name
from app.web.presenters.note_rows import waiting_row
from app.web.presenters.queue_card import waiting_card
from app.web.presenters.recordings import RecordingRow
from app.web.presenters.recordings import row as recording_row
from app.web.rendering import render
from app.work_queues import queues

router = page_router()

REGISTRARS = (Role.DOCTOR, Role.NURSE, Role.RECEPTIONIST)
IN_WORK = (TranscriptionStatus.QUEUED, TranscriptionStatus.RUNNING)
SILENCE_SHOWN_FOR = timedelta(days=1)
SHOWN = PageRequest(limit=25)


@router.get("/", dependencies=[allow(*ANYONE_SIGNED_IN)])
async def show_home(request: Request, uow: Uow, frame: PageFrame) -> Response:
    zone: ZoneInfo = request.state.clinic_zone
    if uow.actor.has_any(Role.DOCTOR):
        return render("home/doctor.html", await doctors_home(uow, zone), frame)
    if uow.actor.has_any(Role.NURSE, Role.RECEPTIONIST, Role.ADMIN):
        return render("home/desk.html", await desk_home(uow, zone), frame)
    return render("home/patient.html", None, frame)


async def doctors_home(uow: UnitOfWork, zone: ZoneInfo) -> present.DoctorHome:
    troubled, working = await recordings_to_watch(uow)
    drafts = await notes.drafts_of_author(uow, SHOWN)
    return present.DoctorHome(
        search=present.empty_search(can_register=True),
        today=await todays_list(uow),
        waiting=waiting_card(await queues.counts(uow)),
        troubled=troubled,
        working=working,
        drafts=tuple(waiting_row(draft) for draft in drafts.items),
        more_drafts=drafts.next_cursor is not None,
        encounters=await encounters_today(uow, zone, practitioner_id=uow.actor.id),
    )


async def desk_home(uow: UnitOfWork, zone: ZoneInfo) -> present.DeskHome:
    return present.DeskHome(
        search=present.empty_search(can_register=uow.actor.has_any(*REGISTRARS)),
        today=await todays_list(uow),
        waiting=waiting_card(await queues.counts(uow)),
        encounters=await encounters_today(uow, zone, practitioner_id=None),
    )


async def recordings_to_watch(
    uow: UnitOfWork,
) -> tuple[tuple[RecordingRow, ...], tuple[RecordingRow, ...]]:
    """What needs the doctor, and what is being worked on; newest first."""
    receiving, _ = await recordings.list_recordings(
        uow, status=recordings.RecordingStatus.RECEIVING, mine=True, page=SHOWN
    )
    found = {one.id: one for one in receiving}
    progress = await transcription.progress_of_many(uow, receiving)
    for one in await transcription.transcriptions_needing_attention(uow):
        if one.recording_id not in found:
            found[one.recording_id] = await recordings.get_recording(uow, one.recording_id)
        progress[one.recording_id] = one
    troubled: list[RecordingRow] = []
    working: list[RecordingRow] = []
    for recording in sorted(found.values(), key=lambda one: one.started_at, reverse=True):
        state = progress[recording.id]
        if is_old_silence(uow, recording, state):
            continue
        patient = await patients.get_patient(uow, recording.patient_id)
        name = full_name(patient.given_name, patient.family_name)
        [described] = await recordings.describe(uow, recording)
        unfinished = recording.status is recordings.RecordingStatus.RECEIVING
        heap = working if state.status in IN_WORK and not unfinished else troubled
        heap.append(recording_row(described, state, patient=name))
    return tuple(troubled), tuple(working)


def is_old_silence(
    uow: UnitOfWork,
    recording: recordings.Recording,
    progress: transcription.TranscriptionProgress,
) -> bool:
    """Nobody can do anything about a silent recording; a day is long enough to notice it."""
    silent = progress.status is TranscriptionStatus.NO_SPEECH
    return silent and uow.now - recording.started_at > SILENCE_SHOWN_FOR


async def encounters_today(
    uow: UnitOfWork, zone: ZoneInfo, *, practitioner_id: UUID | None
) -> tuple[EncounterRow, ...]:
    """One doctor's, or everybody's for the desk; the reason only for those who may see it."""
    today = uow.now.astimezone(zone).date()
    rows = await encounters.encounters_of_day(uow, practitioner_id, today, zone=zone)
    names = {}
    if practitioner_id is None:
        names = await identity.names_of(uow, {one.practitioner_id for one, _ in rows})
    sees_reason = encounters.sees_reason(uow.actor)
    return tuple(
        encounter_row(
            encounter,
            patient=full_name(patient.given_name, patient.family_name),
            practitioner=names.get(encounter.practitioner_id, ""),
            sees_reason=sees_reason,
        )
        for encounter, patient in rows
    )
