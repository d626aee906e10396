"""Every statement that touches recordings, their chunks and their gaps."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from app.clinical.recordings.errors import RecordingNotFound
from app.clinical.recordings.lifecycle import RecordingStatus
from app.clinical.recordings.models import Chunk, Recording, RecordingGap
from app.clinical.recordings.schemas import MAX_GAPS, MISSING_SHOWN
from app.infra.uow import UnitOfWork
from app.kernel.paging import PageRequest
from app.patients import joined_to_patient, visible_patients

NEWEST_FIRST = (Recording.started_at.desc(), Recording.id.desc())
last_sign_of_life = func.coalesce(Recording.last_chunk_at, Recording.started_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFilter:
    """Which recordings are asked for; None asks for any."""

    status: RecordingStatus | None = None
    started_by: UUID | None = None
    encounter_id: UUID | None = None


def visible(uow: UnitOfWork) -> Select[Recording]:
    joined = joined_to_patient(select(Recording), Recording.patient_id)
    return joined.where(visible_patients(uow))


async def get(uow: UnitOfWork, recording_id: UUID, *, lock: bool = False) -> Recording:
    statement = visible(uow).where(Recording.id == recording_id)
    if lock:
        # Rows that point at this recording may still be written meanwhile.
        statement = statement.with_for_update(of=Recording, key_share=True)
        statement = statement.execution_options(populate_existing=True)
    recording = (await uow.db.execute(statement)).scalar_one_or_none()
    if recording is None:
        raise RecordingNotFound(recording_id=recording_id)
    return recording


async def page(
    uow: UnitOfWork, wanted: RecordingFilter, request: PageRequest
) -> Sequence[Recording]:
    """One row more than the page holds, newest first."""
    statement = visible(uow)
    if wanted.status is not None:
        statement = statement.where(Recording.status == wanted.status)
    if wanted.started_by is not None:
        statement = statement.where(Recording.started_by == wanted.started_by)
    if wanted.encounter_id is not None:
        statement = statement.where(Recording.encounter_id == wanted.encounter_id)
    if request.cursor is not None:
        last = (request.cursor.at, request.cursor.id)
        statement = statement.where(tuple_(Recording.started_at, Recording.id) < tuple_(*last))
    return (await uow.db.scalars(statement.order_by(*NEWEST_FIRST).limit(request.limit + 1))).all()


async def silent_since(uow: UnitOfWork, before: datetime, limit: int) -> Sequence[UUID]:
    """Recordings still open of which nothing has been heard since, longest silent first."""
    statement = (
        select(Recording.id)
        .where(Recording.status == RecordingStatus.RECEIVING, last_sign_of_life < before)
        .order_by(last_sign_of_life)
        .limit(limit)
    )
    return (await uow.db.scalars(statement)).all()


async def chunk_at(uow: UnitOfWork, recording_id: UUID, seq: int) -> Chunk | None:
    return await uow.db.get(Chunk, (recording_id, seq))


async def add_chunk(uow: UnitOfWork, chunk: Chunk) -> bool:
    """Store a chunk's row; False when another already has its place."""
    values = {column.key: getattr(chunk, column.key) for column in Chunk.__table__.columns}
    statement = insert(Chunk).values(values).on_conflict_do_nothing().returning(Chunk.seq)
    return (await uow.db.execute(statement)).first() is not None


async def first_hole(uow: UnitOfWork, recording_id: UUID, start: int) -> int:
    """The first number from `start` on under which nothing was received."""
    statement = (
        select(Chunk.seq)
        .where(Chunk.recording_id == recording_id, Chunk.seq >= start)
        .order_by(Chunk.seq)
    )
    expected = start
    for seq in await uow.db.scalars(statement):
        if seq != expected:
            break
        expected += 1
    return expected


async def chunks_from(uow: UnitOfWork, recording: Recording, seq: int) -> Sequence[Chunk]:
    """The chunks that belong to the sound, from `seq` on: those before the first hole."""
    statement = (
        select(Chunk)
        .where(Chunk.recording_id == recording.id)
        .where(Chunk.seq >= seq, Chunk.seq < recording.contiguous)
        .order_by(Chunk.seq)
    )
    return (await uow.db.scalars(statement)).all()


async def missing(
    uow: UnitOfWork, recording: Recording, *, count: int | None = None
) -> tuple[list[int], int]:
    """The first missing numbers before the last chunk received, or before `count`; how many."""
    end = count if count is not None else await end_of_received(uow, recording)
    if recording.contiguous >= end:
        return [], 0
    holes = await holes_of(uow, recording, end)
    numbers = (seq for first, last in holes for seq in range(first, last))
    return list(islice(numbers, MISSING_SHOWN)), end - recording.chunk_count


async def end_of_received(uow: UnitOfWork, recording: Recording) -> int:
    """One more than the highest number received."""
    if recording.chunk_count == recording.contiguous:
        return recording.contiguous
    highest = select(func.max(Chunk.seq)).where(Chunk.recording_id == recording.id)
    return (await uow.db.scalar(highest) or 0) + 1


async def holes_of(uow: UnitOfWork, recording: Recording, end: int) -> list[tuple[int, int]]:
    """The first stretches [first, last) that are missing before `end`."""
    start = recording.contiguous
    before = func.lag(Chunk.seq, 1, start - 1).over(order_by=Chunk.seq)
    there = (
        select(Chunk.seq, before.label("before"))
        .where(Chunk.recording_id == recording.id, Chunk.seq >= start)
        .subquery()
    )
    statement = (
        select(there.c.before + 1, there.c.seq)
        .where(there.c.seq > there.c.before + 1)
        .order_by(there.c.seq)
        .limit(MISSING_SHOWN)
    )
    holes = [(row[0], row[1]) for row in await uow.db.execute(statement)]
    received_end = await end_of_received(uow, recording)
    return [*holes, (received_end, end)] if received_end < end else holes


async def gaps_of(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, list[RecordingGap]]:
    """The gaps of several recordings, earliest first."""
    found: dict[UUID, list[RecordingGap]] = {recording_id: [] for recording_id in ids}
    statement = (
        select(RecordingGap)
        .where(RecordingGap.recording_id.in_(ids))
        .order_by(RecordingGap.gap_start, RecordingGap.id)
    )
    for gap in await uow.db.scalars(statement):
        found[gap.recording_id].append(gap)
    return found


async def has_room_for_gap(uow: UnitOfWork, recording_id: UUID) -> bool:
    counted = select(func.count()).where(RecordingGap.recording_id == recording_id)
    return (await uow.db.scalar(counted) or 0) < MAX_GAPS


async def known_blobs(uow: UnitOfWork, blob_ids: Collection[UUID]) -> set[UUID]:
    """Those of the blobs to which a chunk points."""
    statement = select(Chunk.blob_id).where(Chunk.blob_id.in_(blob_ids))
    return set((await uow.db.scalars(statement)).all())
