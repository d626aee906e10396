"""Notes over HTTP."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Response

from app.clinical.notes import (
    amending,
    drafting,
    provenance,
    reading,
    saving,
    searching,
    signing,
)
from app.clinical.notes.diffing import NoteDiff
from app.clinical.notes.inputs import (
    MAX_INT4,
    EnterInError,
    NewAddendum,
    NewAmendment,
    NewNote,
    SaveDraft,
    SignNote,
)
from app.clinical.notes.lifecycle import NoteStatus
from app.clinical.notes.provenance import Provenance
from app.clinical.notes.schemas import (
    EncounterNotes,
    FoundNotes,
    NoteOut,
    RevisionList,
    RevisionOut,
)
from app.infra.http.access import allow
from app.infra.http.deps import Paging, Uow
from app.infra.http.etags import IfMatch, put_etag
from app.infra.http.problems import described
from app.infra.http.routing import api_router
from app.kernel.actors import Role

router = api_router("", "notes")

READERS = allow(Role.DOCTOR, Role.NURSE)
DOCTORS = allow(Role.DOCTOR)
CHANGED: dict[int | str, dict[str, Any]] = {
    412: described(
        HTTPStatus.PRECONDITION_FAILED, "note-changed: both texts are here to be merged"
    ),
    428: described(
        HTTPStatus.PRECONDITION_REQUIRED,
        "precondition-missing: send If-Match with the ETag you read",
    ),
}

Revision = Annotated[int, Path(ge=1, le=MAX_INT4)]


@router.get("/encounters/{encounter_id}/notes", dependencies=[READERS])
async def list_encounter_notes(encounter_id: UUID, uow: Uow, page: Paging) -> EncounterNotes:
    """The notes of an encounter, newest first, without their text."""
    return await reading.list_notes_of_encounter(uow, encounter_id, page)


@router.post("/encounters/{encounter_id}/notes", status_code=201, dependencies=[DOCTORS])
async def begin_note(encounter_id: UUID, body: NewNote, uow: Uow, response: Response) -> NoteOut:
    """Begin an empty note, to be typed."""
    note = await drafting.begin_note(uow, encounter_id, body.type)
    response.headers["Location"] = f"/api/v1/notes/{note.id}"
    return tagged(note, response)


@router.get("/notes", dependencies=[READERS])
async def search_notes(
    uow: Uow,
    page: Paging,
    q: Annotated[
        str | None, Query(max_length=200, description="Words, or beginnings of words.")
    ] = None,
    patient_id: UUID | None = None,
    status: NoteStatus | None = None,
) -> FoundNotes:
    """Find notes by what they say, newest first."""
    return await searching.search_notes(uow, page, q=q, patient_id=patient_id, status=status)


@router.get("/notes/{note_id}", dependencies=[READERS])
async def get_note(note_id: UUID, uow: Uow, response: Response) -> NoteOut:
    """A note; the ETag is the version of the working copy, when one is open to you."""
    return tagged(await reading.get_note(uow, note_id), response)


@router.put("/notes/{note_id}/draft", dependencies=[DOCTORS], responses=CHANGED)
async def save_draft(
    note_id: UUID, body: SaveDraft, version: IfMatch, uow: Uow, response: Response
) -> NoteOut:
    """Type in the working copy; sections that are not named stay as they are."""
    note = await saving.save_draft(
        uow,
        note_id,
        version=version,
        sections=body.sections,
        accepted_words=body.accepted_words,
    )
    return tagged(note, response)


@router.delete("/notes/{note_id}/draft", dependencies=[DOCTORS])
async def drop_amendment(note_id: UUID, uow: Uow) -> NoteOut:
    """Give up an amendment that is open; what was signed stays."""
    return await amending.drop_amendment(uow, note_id)


@router.post(
    "/notes/{note_id}/signature",
    status_code=201,
    dependencies=[DOCTORS],
    responses={412: CHANGED[412]},
)
async def sign_note(note_id: UUID, body: SignNote, uow: Uow) -> NoteOut:
    """Sign exactly the version you saw, with your password or in a fresh session."""
    return await signing.sign_note(uow, note_id, **dict(body))


@router.post("/notes/{note_id}/addenda", status_code=201, dependencies=[DOCTORS])
async def add_addendum(note_id: UUID, body: NewAddendum, uow: Uow) -> NoteOut:
    """Sign an addition to a signed note."""
    return await signing.add_addendum(uow, note_id, text=body.text, password=body.password)


@router.post("/notes/{note_id}/amendments", status_code=201, dependencies=[DOCTORS])
async def open_amendment(
    note_id: UUID, body: NewAmendment, uow: Uow, response: Response
) -> NoteOut:
    """Open a working copy of a signed note; its signature makes the next revision."""
    return tagged(await amending.open_amendment(uow, note_id, reason=body.reason), response)


@router.post("/notes/{note_id}/entered-in-error", status_code=201, dependencies=[DOCTORS])
async def enter_note_in_error(note_id: UUID, body: EnterInError, uow: Uow) -> NoteOut:
    """Mark a note that should never have been; it stays readable."""
    return await amending.enter_in_error(uow, note_id, reason=body.reason)


@router.get("/notes/{note_id}/revisions", dependencies=[READERS])
async def list_note_revisions(note_id: UUID, uow: Uow) -> RevisionList:
    """Every signature of a note, the first one first."""
    return await reading.list_revisions(uow, note_id)


@router.get("/notes/{note_id}/revisions/{number}", dependencies=[READERS])
async def get_note_revision(note_id: UUID, number: Revision, uow: Uow) -> RevisionOut:
    """One signed revision, whole."""
    return await reading.read_revision(uow, note_id, number)


@router.get("/notes/{note_id}/diff", dependencies=[READERS])
async def compare_note_revisions(
    note_id: UUID,
    uow: Uow,
    before: Annotated[int, Query(alias="from", ge=1, le=MAX_INT4)],
    after: Annotated[int, Query(alias="to", ge=1, le=MAX_INT4)],
) -> NoteDiff:
    """What changed between two signed revisions, what matters clinically first."""
    return await reading.diff_revisions(uow, note_id, before, after)


@router.get("/notes/{note_id}/provenance", dependencies=[READERS])
async def get_note_provenance(note_id: UUID, uow: Uow) -> Provenance:
    """Every hash computed again, from sound to signature, and what each sentence rests on."""
    return await provenance.provenance_of(uow, note_id)


def tagged(note: NoteOut, response: Response) -> NoteOut:
    put_etag(response, note.version)
    return note
