"""What nobody asks for is done all the same: abandoned recordings, orphaned bytes."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.clinical import encounters, recordings
from app.clinical.recordings.tasks import SWEEPER, complete_abandoned, remove_orphans
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.recordings import a_completed_recording, a_recording, receive
from tests.conftest import FrozenClock

Status = recordings.RecordingStatus
ORPHAN = UUID(int=13)


async def reread(works: Works, recording_id: UUID) -> recordings.RecordingOut:
    async with works.begin(SWEEPER) as uow:
        recording = await recordings.get_recording(uow, recording_id)
        return (await recordings.describe(uow, recording))[0]


async def test_what_stopped_arriving_is_completed_with_what_came(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    recording = await a_recording(works, doctor, pieces=[b"one", b"two"])
    clock.advance(minutes=120)
    assert await complete_abandoned(works) == 0

    clock.advance(seconds=1)
    assert await complete_abandoned(works) == 1

    swept = await reread(works, recording.id)
    assert (swept.status, swept.completed_by) == (Status.COMPLETED, "sweeper")
    assert (swept.highest_contiguous, swept.gaps) == (1, [])
    assert await complete_abandoned(works) == 0


async def test_holes_in_what_came_are_told_as_a_gap(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    recording = await a_recording(works, doctor, pieces=[b"one"])
    began = clock.now()
    clock.advance(seconds=9)
    await receive(works, doctor, recording.id, 3, b"four")
    clock.advance(hours=3)

    await complete_abandoned(works)

    swept = await reread(works, recording.id)
    assert (swept.status, swept.highest_contiguous, swept.missing) == (Status.COMPLETED, 0, [1, 2])
    (gap,) = swept.gaps
    assert (gap.reason, gap.gap_start) == (recordings.GapReason.LOST_CHUNKS, began)
    assert gap.gap_end == began + timedelta(seconds=9)


async def test_a_recording_of_nothing_is_entered_in_error(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    recording = await a_recording(works, doctor)
    clock.advance(hours=3)

    await complete_abandoned(works)

    assert (await reread(works, recording.id)).status is Status.ENTERED_IN_ERROR


async def test_the_patience_is_a_setting(works: Works, doctor: Actor, clock: FrozenClock) -> None:
    recording = await a_recording(works, doctor, pieces=[b"one"])
    clock.advance(minutes=6)

    limits = recordings.RecordingLimits(abandoned_after=timedelta(minutes=5))
    await complete_abandoned(works, limits)

    assert (await reread(works, recording.id)).status is Status.COMPLETED


async def test_what_the_sweeper_cut_off_can_still_be_brought_in(
    works: Works, doctor: Actor, other_doctor: Actor, clock: FrozenClock
) -> None:
    recording = await a_recording(works, doctor, pieces=[b"one"])
    async with works.begin(doctor) as uow:
        await encounters.complete_encounter(uow, recording.encounter_id)
    clock.advance(hours=3)
    await complete_abandoned(works)
    new = recordings.NewRecording(
        media_type=recordings.MediaType.WAV,
        origin=recordings.RecordingOrigin.MICROPHONE,
        continues=recording.id,
    )

    with pytest.raises(recordings.NotYourRecording):
        async with works.begin(other_doctor) as uow:
            await recordings.begin_recording(uow, recording.encounter_id, new)
    async with works.begin(doctor) as uow:
        rest = await recordings.begin_recording(uow, recording.encounter_id, new)
    assert (await receive(works, doctor, rest.id, 0, b"two")).highest_contiguous == 0


async def test_bytes_without_a_chunk_are_removed_once_they_are_old(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    recording = await a_completed_recording(works, doctor)
    await works.stores.blobs.put(ORPHAN, b"the row was never written", {})
    clock.at = datetime.now(UTC) + timedelta(hours=23)
    assert await remove_orphans(works) == 0

    clock.advance(hours=2)
    assert await remove_orphans(works) == 1

    left = {blob_id async for blob_id in works.stores.blobs.ids()}
    async with works.begin(SWEEPER) as uow:
        chunks = (await uow.db.scalars(select(recordings.Chunk))).all()
    assert left == {chunk.blob_id for chunk in chunks}
    assert {chunk.recording_id for chunk in chunks} == {recording.id}
