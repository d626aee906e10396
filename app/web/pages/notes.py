"""Notes: the draft to correct, the signed text to read, and how they came about."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query, Response

from app.clinical import notes, recordings
from app.clinical.notes import NoteOut, RevisionOut
from app.infra.http.access import allow
from app.infra.http.deps import Paging, Uow
from app.infra.http.routing import page_router
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.web.banners import banner_by_id
from app.web.framing import PageFrame
from app.web.presenters import note_history as history
from app.web.presenters import note_pages as present
from app.web.presenters.note_rows import NoteSearch, found_row
from app.web.rendering import render

router = page_router("/notes")

READERS = [allow(Role.DOCTOR, Role.NURSE)]
RevisionNumber = Annotated[int, Query(ge=1, le=100_000)]


@router.get("", dependencies=READERS)
async def search_notes(
    uow: Uow, frame: PageFrame, page: Paging, q: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    found = await notes.search_notes(uow, page, q=q)
    more = {"q": q, "cursor": found.next_cursor} if found.next_cursor else None
    view = NoteSearch(
        q=q.strip(),
        heading="Notes with these words" if q.strip() else "Latest notes",
        rows=tuple(found_row(note) for note in found.items),
        next_href=f"/notes?{urlencode(more)}" if more else None,
    )
    return render("notes/search.html", view, frame)


@router.get("/{note_id}", dependencies=READERS)
async def show_note(note_id: UUID, uow: Uow, frame: PageFrame) -> Response:
    """The author's open working copy to edit; everybody else reads."""
    note = await notes.get_note(uow, note_id)
    if note.version is not None and note.author.id == uow.actor.id:
        view = present.draft_page(
            note, banner=await banner_by_id(uow, note.patient_id), sound=await sound_of(uow, note)
        )
        return render("notes/draft.html", view, frame)
    shown = await notes.read_revision(uow, note_id, note.revision) if note.revision else None
    return render("notes/signed.html", await reading_view(uow, note, shown), frame)


@router.get("/{note_id}/revisions/{number}", dependencies=READERS)
async def show_revision(note_id: UUID, number: int, uow: Uow, frame: PageFrame) -> Response:
    note = await notes.get_note(uow, note_id)
    shown = await notes.read_revision(uow, note_id, number)
    return render("notes/signed.html", await reading_view(uow, note, shown), frame)


@router.get("/{note_id}/print", dependencies=READERS)
async def print_note(note_id: UUID, uow: Uow, frame: PageFrame) -> Response:
    """The latest signed revision with its addenda; a draft says that it is one."""
    note = await notes.get_note(uow, note_id)
    shown = await notes.read_revision(uow, note_id, note.revision) if note.revision else None
    return render("notes/print.html", await reading_view(uow, note, shown), frame)


@router.get("/{note_id}/diff", dependencies=READERS)
async def compare_revisions(
    note_id: UUID,
    uow: Uow,
    frame: PageFrame,
    before: Annotated[int, Query(alias="from", ge=1, le=100_000)],
    after: Annotated[int, Query(alias="to", ge=1, le=100_000)],
) -> Response:
    note = await notes.get_note(uow, note_id)
    diff = await notes.diff_revisions(uow, note_id, before, after)
    view = history.diff_page(
        diff,
        note_id=note_id,
        banner=await banner_by_id(uow, note.patient_id),
        before=before,
        after=after,
    )
    return render("notes/diff.html", view, frame)


@router.get("/{note_id}/provenance", dependencies=READERS)
async def show_provenance(note_id: UUID, uow: Uow, frame: PageFrame) -> Response:
    found = await notes.provenance_of(uow, note_id)
    note = await notes.get_note(uow, note_id)
    shown = await notes.read_revision(uow, note_id, note.revision) if note.revision else None
    view = history.provenance_page(
        found,
        banner=await banner_by_id(uow, note.patient_id),
        body=shown.body if shown else note.body,
        sound=await sound_of(uow, note),
    )
    return render("notes/provenance.html", view, frame)


async def reading_view(
    uow: UnitOfWork, note: NoteOut, shown: RevisionOut | None
) -> present.SignedPage:
    return present.read_page(
        note,
        banner=await banner_by_id(uow, note.patient_id),
        sound=await sound_of(uow, note),
        signed=await notes.list_revisions(uow, note.id),
        shown=shown,
        is_doctor=uow.actor.has_any(Role.DOCTOR),
        is_author=note.author.id == uow.actor.id,
    )


async def sound_of(uow: UnitOfWork, note: NoteOut) -> present.Sound | None:
    if note.recording_id is None:
        return None
    recording = await recordings.get_recording(uow, note.recording_id)
    return present.Sound(recording.id, recording.duration_seconds)
