"""Looking at recordings, and listening to them."""

from collections.abc import Sequence
from uuid import UUID

from app import audit
from app.clinical.recordings import repository
from app.clinical.recordings.lifecycle import RecordingStatus
from app.clinical.recordings.models import Chunk, Recording
from app.clinical.recordings.policies import require_listener
from app.clinical.recordings.repository import RecordingFilter
from app.clinical.recordings.schemas import GapOut, Received, RecordingOut
from app.infra.uow import UnitOfWork
from app.kernel.paging import Cursor, PageRequest, page_of

FIRST_PAGE = PageRequest()


async def get_recording(uow: UnitOfWork, recording_id: UUID, *, lock: bool = False) -> Recording:
    """A recording the actor may see, for other verbs to build on; raises `RecordingNotFound`.

    Leaves no trace in the audit trail: the verb that uses it does.
    """
    require_listener(uow)
    return await repository.get(uow, recording_id, lock=lock)


async def read_recording(uow: UnitOfWork, recording_id: UUID) -> Recording:
    """Somebody looks at a recording; raises `RecordingNotFound`."""
    recording = await get_recording(uow, recording_id)
    await note_look(uow, "recording.read", recording)
    return recording


async def list_recordings(
    uow: UnitOfWork,
    *,
    status: RecordingStatus | None = None,
    mine: bool = False,
    encounter_id: UUID | None = None,
    page: PageRequest = FIRST_PAGE,
) -> tuple[list[Recording], str | None]:
    """Recordings newest first, and the cursor of the next page; `mine`: which I started."""
    require_listener(uow)
    started_by = uow.actor.id if mine else None
    wanted = RecordingFilter(status=status, started_by=started_by, encounter_id=encounter_id)
    rows = await repository.page(uow, wanted, page)
    found, next_cursor = page_of(rows, page, key=lambda r: Cursor(at=r.started_at, id=r.id))
    ids = list(dict.fromkeys(str(recording.patient_id) for recording in found))
    await audit.record(uow, "recording.list", detail={"patients": ids})
    return found, next_cursor


async def read_received(uow: UnitOfWork, recording_id: UUID) -> Received:
    """What has arrived of a recording; raises `RecordingNotFound`."""
    recording = await get_recording(uow, recording_id)
    missing, how_many = await repository.missing(uow, recording)
    await note_look(uow, "recording.read_received", recording)
    return Received(
        highest_contiguous=recording.highest_contiguous,
        missing=missing,
        missing_count=how_many,
        received=recording.chunk_count,
    )


async def chunks_from(uow: UnitOfWork, recording_id: UUID, seq: int = 0) -> Sequence[Chunk]:
    """The chunks of the sound in order, from `seq` to the first hole; for other verbs."""
    recording = await get_recording(uow, recording_id)
    return await repository.chunks_from(uow, recording, seq)


async def open_sound(uow: UnitOfWork, recording_id: UUID) -> tuple[Recording, Sequence[Chunk]]:
    """Somebody listens to a recording; raises `RecordingNotFound`.

    The chunks can be read after this unit of work has ended.
    """
    recording = await get_recording(uow, recording_id)
    chunks = await repository.chunks_from(uow, recording, 0)
    await note_look(uow, "recording.listen", recording)
    return recording, chunks


async def describe(uow: UnitOfWork, *recordings: Recording) -> list[RecordingOut]:
    """Recordings as the outside world sees them."""
    gaps = await repository.gaps_of(uow, [recording.id for recording in recordings])
    described = []
    for recording in recordings:
        missing, how_many = await repository.missing(uow, recording)
        own = {name: getattr(recording, name) for name in PLAIN_FIELDS}
        described.append(
            RecordingOut(
                **own,
                missing=missing,
                missing_count=how_many,
                gaps=[GapOut.model_validate(gap) for gap in gaps[recording.id]],
            )
        )
    return described


PLAIN_FIELDS = RecordingOut.model_fields.keys() - {"missing", "missing_count", "gaps"}


async def note_look(uow: UnitOfWork, action: str, recording: Recording) -> None:
    await audit.record(
        uow, action, patient_id=recording.patient_id, subject=("recording", recording.id)
    )
