"""Work that nobody asks for: abandoned recordings are completed, orphaned bytes removed."""

from uuid import UUID

import structlog

from app.clinical.recordings import repository, service
from app.clinical.recordings.schemas import DEFAULT_LIMITS, RecordingLimits
from app.infra.uow import Works
from app.kernel.actors import Actor

SWEEPER = Actor.system("recording-sweeper")
ABANDONED_AT_ONCE = 100
BLOBS_AT_ONCE = 500

log = structlog.get_logger(__name__)


async def complete_abandoned(works: Works, limits: RecordingLimits = DEFAULT_LIMITS) -> int:
    """Complete recordings that stopped arriving; returns how many were looked at."""
    async with works.begin(SWEEPER) as uow:
        before = uow.now - limits.abandoned_after
        abandoned = await repository.silent_since(uow, before, ABANDONED_AT_ONCE)
    for recording_id in abandoned:
        try:
            async with works.begin(SWEEPER) as uow:
                await service.complete_abandoned(uow, recording_id, limits)
        except Exception as error:  # noqa: BLE001 - one that resists must not keep the rest waiting
            log.warning(
                "abandoned_recording_left",
                recording_id=str(recording_id),
                error=type(error).__name__,
            )
    return len(abandoned)


async def remove_orphans(works: Works, limits: RecordingLimits = DEFAULT_LIMITS) -> int:
    """Delete stored bytes to which no chunk points, once they are old; returns how many.

    Young ones are left alone: their row may be about to be written.
    """
    removed = 0
    batch: list[UUID] = []
    async for blob_id in works.stores.blobs.ids():
        batch.append(blob_id)
        if len(batch) == BLOBS_AT_ONCE:
            removed += await remove_orphans_among(works, batch, limits)
            batch = []
    return removed + await remove_orphans_among(works, batch, limits)


async def remove_orphans_among(works: Works, batch: list[UUID], limits: RecordingLimits) -> int:
    async with works.begin(SWEEPER) as uow:
        known = await repository.known_blobs(uow, batch)
        young_from = uow.now - limits.orphaned_after
    removed = 0
    for blob_id in batch:
        if blob_id in known:
            continue
        stored_at = await works.stores.blobs.stored_at(blob_id)
        if stored_at is not None and stored_at < young_from:
            await works.stores.blobs.delete(blob_id)
            removed += 1
    return removed
