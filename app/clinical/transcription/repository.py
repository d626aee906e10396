"""Every statement that touches transcriptions, and every word that goes to Mongo or comes back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from beanie import SortDirection
from pymongo.errors import DuplicateKeyError
from sqlalchemy import CursorResult, cast, func, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert

from app.clinical import recordings
from app.clinical.transcription.documents import TranscriptDocument, UtteranceDocument, stored
from app.clinical.transcription.errors import LeaseLost, TranscriptNotFound
from app.clinical.transcription.lifecycle import UNFINISHED, TranscriptionStatus
from app.clinical.transcription.models import Transcription, TranscriptionMove
from app.infra.uow import UnitOfWork

LEASE = timedelta(seconds=20)
_T = Transcription


async def find(uow: UnitOfWork, recording_id: UUID) -> Transcription | None:
    return await uow.db.get(Transcription, recording_id)


async def lock(uow: UnitOfWork, recording_id: UUID) -> tuple[Transcription, datetime] | None:
    """The row, nobody else's until the commit, and the time on the database's clock.

    Leases go by that clock: the workers' own clocks need not agree.
    """
    statement = (
        select(_T, func.clock_timestamp())
        .where(_T.recording_id == recording_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row = (await uow.db.execute(statement)).one_or_none()
    return None if row is None else (row[0], row[1])


async def lock_held(uow: UnitOfWork, recording_id: UUID, fence: int) -> Transcription:
    """The row of a claim that still holds, or `LeaseLost`."""
    found = await lock(uow, recording_id)
    if found is None or found[0].fence != fence or found[0].lease_until is None:
        raise LeaseLost(recording_id=recording_id)
    return found[0]


async def ensure(uow: UnitOfWork, recording: recordings.Recording) -> None:
    """Queue a transcription of this recording unless there is one."""
    added = await uow.db.execute(
        insert(_T)
        .values(
            recording_id=recording.id,
            encounter_id=recording.encounter_id,
            patient_id=recording.patient_id,
            status=TranscriptionStatus.QUEUED,
            created_at=uow.now,
        )
        .on_conflict_do_nothing()
        .returning(_T.recording_id)
    )
    if added.first() is not None:
        first = {"to_status": TranscriptionStatus.QUEUED, "moved_at": uow.now}
        move = TranscriptionMove(recording_id=recording.id, moved_by=uow.actor.id, **first)
        uow.db.add(move)


async def update_held(
    uow: UnitOfWork, recording_id: UUID, fence: int, values: dict[str, Any]
) -> None:
    """Write what only the holder of the latest claim may write, and keep its lease alive."""
    statement = (
        update(_T)
        .where(
            _T.recording_id == recording_id,
            _T.fence == fence,
            _T.status == TranscriptionStatus.RUNNING,
            _T.lease_until.is_not(None),
        )
        .values(lease_until=func.clock_timestamp() + LEASE, heartbeat_at=uow.now, **values)
        .execution_options(synchronize_session=False)
    )
    result = await uow.db.execute(statement)
    assert isinstance(result, CursorResult)
    if result.rowcount != 1:
        raise LeaseLost(recording_id=recording_id)


def added_to_unheard(spans: Sequence[dict[str, Any]]) -> Any:
    """An expression for the column with these spans appended."""
    return _T.unheard.op("||")(cast(literal(list(spans), JSONB), JSONB))


async def unfinished(uow: UnitOfWork, *, limit: int) -> Sequence[UUID]:
    """Recordings that somebody should go on with and nobody does."""
    recording = recordings.Recording
    completed = recording.status == recordings.RecordingStatus.COMPLETED
    withdrawn = recording.status == recordings.RecordingStatus.ENTERED_IN_ERROR
    more_to_hear = (
        (recording.status == recordings.RecordingStatus.RECEIVING)
        & (recording.origin == recordings.RecordingOrigin.MICROPHONE)
        & (recording.last_chunk_at > func.coalesce(_T.heartbeat_at, _T.created_at))
    )
    statement = (
        select(recording.id)
        .outerjoin(_T, _T.recording_id == recording.id)
        .where(
            (completed & _T.recording_id.is_(None))
            | (
                _T.status.in_(UNFINISHED)
                & (_T.lease_until.is_(None) | (_T.lease_until < func.clock_timestamp()))
                & (_T.next_attempt_at.is_(None) | (_T.next_attempt_at <= uow.now))
                & (completed | withdrawn | more_to_hear)
            )
        )
        .order_by(recording.started_at)
        .limit(limit)
    )
    return (await uow.db.execute(statement)).scalars().all()


async def of_actor(
    uow: UnitOfWork, statuses: Sequence[TranscriptionStatus]
) -> Sequence[tuple[Transcription, recordings.Recording]]:
    """Transcriptions of the actor's own recordings, newest recording first."""
    recording = recordings.Recording
    statement = (
        select(_T, recording)
        .join(recording, recording.id == _T.recording_id)
        .where(
            recording.started_by == uow.actor.id,
            recording.status != recordings.RecordingStatus.ENTERED_IN_ERROR,
            _T.status.in_(statuses),
        )
        .order_by(recording.started_at.desc(), recording.id.desc())
        .limit(100)
    )
    return [(row[0], row[1]) for row in await uow.db.execute(statement)]


async def of_recordings(
    uow: UnitOfWork, recording_ids: Sequence[UUID]
) -> dict[UUID, Transcription]:
    statement = select(_T).where(_T.recording_id.in_(recording_ids))
    return {row.recording_id: row for row in (await uow.db.execute(statement)).scalars()}


async def put_utterance(uow: UnitOfWork, document: UtteranceDocument) -> None:
    """Write it, or write it again; refused when a later claim has written it already."""
    collection = UtteranceDocument.get_pymongo_collection()
    mine_or_older = {"_id": document.id, "fence": {"$lte": document.fence}}
    try:
        await collection.replace_one(mine_or_older, stored(document), upsert=True)
    except DuplicateKeyError as error:
        raise LeaseLost(recording_id=document.recording_id) from error


async def utterances(
    uow: UnitOfWork, recording_id: UUID, *, start: int, stop: int
) -> list[UtteranceDocument]:
    """Utterances by index; those beyond the checkpoint are nobody's business."""
    return (
        await UtteranceDocument.find(
            {"recording_id": recording_id, "index": {"$gte": start, "$lt": stop}}
        )
        .sort(("index", SortDirection.ASCENDING))
        .to_list()
    )


async def put_transcript(uow: UnitOfWork, document: TranscriptDocument) -> TranscriptDocument:
    """Insert it; if an earlier try came as far as this, that one counts."""
    collection = TranscriptDocument.get_pymongo_collection()
    try:
        await collection.insert_one(stored(document))
    except DuplicateKeyError:
        return await transcript(uow, document.id, document.recording_id)
    return document


async def transcript(
    uow: UnitOfWork, transcript_id: UUID, recording_id: UUID
) -> TranscriptDocument:
    found = await TranscriptDocument.get(transcript_id)
    if found is None:
        raise TranscriptNotFound(recording_id=recording_id)
    return found
