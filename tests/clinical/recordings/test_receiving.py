"""What was acknowledged is there, once, in whatever order it came."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import QueuePool, select, text

from app.clinical import encounters, recordings
from app.clinical.recordings.errors import ChunkEmpty, ChunkTooLarge, DigestDiffers
from app.infra.blobs import MemoryBlobs
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.encounters import an_encounter, consented
from tests.builders.recordings import a_completed_recording, a_recording, receive

JOBS = text(
    "select entrypoint, dedupe_key from pgqueuer where dedupe_key not like 'outbox.%' order by id"
)


async def bytes_of(works: Works, recording_id: UUID) -> bytes:
    async with works.begin(Actor.system("transcriber")) as uow:
        chunks = await recordings.chunks_from(uow, recording_id)
    return b"".join([piece async for piece in recordings.sound_of(works, chunks)])


async def stored_blobs(works: Works) -> set[UUID]:
    return {blob_id async for blob_id in works.stores.blobs.ids()}


async def jobs(works: Works) -> list[Any]:
    async with works.begin(Actor.system("transcriber")) as uow:
        return [row.dedupe_key for row in await uow.db.execute(JOBS)]


async def test_pieces_in_order_make_up_the_sound(works: Works, doctor: Actor) -> None:
    recording = await a_recording(works, doctor, pieces=[b"one ", b"two ", b"three"])

    assert (recording.contiguous, recording.chunk_count, recording.byte_count) == (3, 3, 13)
    assert await bytes_of(works, recording.id) == b"one two three"


async def test_pieces_out_of_order_are_counted_and_the_holes_named(
    works: Works, doctor: Actor
) -> None:
    recording = await a_recording(works, doctor)

    late = await receive(works, doctor, recording.id, 5, b"five")
    assert (late.highest_contiguous, late.missing, late.received) == (-1, [0, 1, 2, 3, 4], 1)
    middle = await receive(works, doctor, recording.id, 2, b"two")
    assert (middle.missing, middle.missing_count) == ([0, 1, 3, 4], 4)
    for seq in (0, 1):
        receipt = await receive(works, doctor, recording.id, seq, b"early")
    assert (receipt.highest_contiguous, receipt.missing) == (2, [3, 4])
    for seq in (4, 3):
        receipt = await receive(works, doctor, recording.id, seq, b"late")
    assert (receipt.highest_contiguous, receipt.missing, receipt.missing_count) == (5, [], 0)


async def test_what_follows_a_hole_is_not_yet_part_of_the_sound(
    works: Works, doctor: Actor
) -> None:
    recording = await a_recording(works, doctor, pieces=[b"one "])
    await receive(works, doctor, recording.id, 2, b"three")
    assert await bytes_of(works, recording.id) == b"one "

    await receive(works, doctor, recording.id, 1, b"two ")
    assert await bytes_of(works, recording.id) == b"one two three"


async def test_at_most_a_thousand_missing_pieces_are_named(works: Works, doctor: Actor) -> None:
    recording = await a_recording(works, doctor)

    receipt = await receive(works, doctor, recording.id, 99_999, b"last")

    assert receipt.missing == list(range(1000))
    assert receipt.missing_count == 99_999


async def test_the_same_piece_again_is_a_success_and_stored_once(
    works: Works, doctor: Actor
) -> None:
    recording = await a_recording(works, doctor, pieces=[b"one", b"two"])

    again = await receive(works, doctor, recording.id, 0, b"one")

    assert (again.highest_contiguous, again.received) == (1, 2)
    assert len(await stored_blobs(works)) == 2
    assert await bytes_of(works, recording.id) == b"onetwo"


async def test_other_bytes_under_the_same_number_are_refused(works: Works, doctor: Actor) -> None:
    recording = await a_recording(works, doctor, pieces=[b"one"])

    with pytest.raises(recordings.ChunkDiffers):
        await receive(works, doctor, recording.id, 0, b"eno")
    assert await bytes_of(works, recording.id) == b"one"


async def test_of_rivals_for_one_number_exactly_one_wins(works: Works, doctor: Actor) -> None:
    recording = await a_recording(works, doctor)
    voices = [f"voice {number}".encode() for number in range(6)]

    answers = await asyncio.gather(
        *(receive(works, doctor, recording.id, 0, voice) for voice in voices),
        return_exceptions=True,
    )

    winners = [v for v, a in zip(voices, answers, strict=True) if not isinstance(a, Exception)]
    losers = [a for a in answers if isinstance(a, Exception)]
    assert len(winners) == 1
    assert {type(each) for each in losers} == {recordings.ChunkDiffers}
    assert await bytes_of(works, recording.id) == winners[0]


async def test_the_same_piece_from_two_lines_at_once_succeeds_twice(
    works: Works, doctor: Actor
) -> None:
    recording = await a_recording(works, doctor)

    await asyncio.gather(*(receive(works, doctor, recording.id, 0, b"one") for _ in range(4)))

    async with works.begin(doctor) as uow:
        found = await recordings.get_recording(uow, recording.id)
    assert (found.chunk_count, found.byte_count) == (1, 3)


async def test_many_pieces_at_once_all_count(works: Works, doctor: Actor) -> None:
    recording = await a_recording(works, doctor)
    pieces = [f"piece {seq};".encode() for seq in range(12)]

    await asyncio.gather(
        *(receive(works, doctor, recording.id, seq, data) for seq, data in enumerate(pieces))
    )

    assert await bytes_of(works, recording.id) == b"".join(pieces)


async def test_bytes_that_do_not_fit_their_digest_leave_nothing(
    works: Works, doctor: Actor
) -> None:
    recording = await a_recording(works, doctor)
    other = hashlib.sha256(b"what was sent").hexdigest()

    with pytest.raises(DigestDiffers):
        await recordings.receive_chunk(
            works, doctor, recording.id, 0, b"what arrived", sha256=other
        )
    assert await stored_blobs(works) == set()


class WatchedBlobs(MemoryBlobs):
    """Sees how many connections to Postgres are taken while bytes are stored."""

    def __init__(self, pool: QueuePool) -> None:
        super().__init__()
        self._pool = pool
        self.taken: list[int] = []

    async def put(self, blob_id: UUID, data: bytes, metadata: Mapping[str, Any]) -> None:
        self.taken.append(self._pool.checkedout())
        await super().put(blob_id, data, metadata)


async def test_no_connection_waits_while_the_bytes_travel(works: Works, doctor: Actor) -> None:
    recording = await a_recording(works, doctor)
    async with works.sessions() as session:
        pool = session.get_bind().engine.pool
    assert isinstance(pool, QueuePool)
    blobs = WatchedBlobs(pool)
    watched = replace(works, stores=replace(works.stores, blobs=blobs))

    await receive(watched, doctor, recording.id, 0, b"one")

    assert blobs.taken == [0]


async def test_sound_that_arrives_just_after_the_end_is_refused(
    works: Works, doctor: Actor
) -> None:
    recording = await a_recording(works, doctor, pieces=[b"one"])

    class EndsMeanwhile(MemoryBlobs):
        async def put(self, blob_id: UUID, data: bytes, metadata: Mapping[str, Any]) -> None:
            async with works.begin(doctor) as uow:
                done = recordings.Completion(chunk_count=1)
                await recordings.complete_recording(uow, recording.id, done)

    late = replace(works, stores=replace(works.stores, blobs=EndsMeanwhile()))
    with pytest.raises(recordings.RecordingCompleted):
        await receive(late, doctor, recording.id, 1, b"two")


async def test_pieces_and_recordings_have_limits(works: Works, doctor: Actor) -> None:
    recording = await a_recording(works, doctor, pieces=[b"12345678"])
    limits = recordings.RecordingLimits(max_bytes=10, max_chunk_bytes=4)

    async def send(data: bytes) -> None:
        sha256 = hashlib.sha256(data).hexdigest()
        await recordings.receive_chunk(
            works, doctor, recording.id, 1, data, sha256=sha256, limits=limits
        )

    with pytest.raises(ChunkEmpty):
        await send(b"")
    with pytest.raises(ChunkTooLarge):
        await send(b"12345")
    with pytest.raises(recordings.RecordingTooLarge):
        await send(b"123")
    await send(b"12")


async def test_only_the_dictating_doctor_and_the_practitioner_add_to_it(
    works: Works, doctor: Actor, other_doctor: Actor, nurse: Actor
) -> None:
    encounter = await an_encounter(works, doctor)
    await consented(works, doctor, encounter.id)
    covering = await a_recording(works, other_doctor, encounter_id=encounter.id)
    own = await a_recording(works, doctor, encounter_id=encounter.id)

    await receive(works, other_doctor, covering.id, 0, b"the covering doctor's")
    await receive(works, doctor, covering.id, 1, b"the practitioner's")
    with pytest.raises(recordings.NotYourRecording):
        await receive(works, other_doctor, own.id, 0, b"somebody else's")
    with pytest.raises(recordings.NotADictatingDoctor):
        await receive(works, nurse, own.id, 0, b"a nurse's")


async def test_what_was_said_is_taken_in_after_the_encounter_is_over(
    works: Works, doctor: Actor
) -> None:
    recording = await a_recording(works, doctor, pieces=[b"one "])
    async with works.begin(doctor) as uow:
        await encounters.complete_encounter(uow, recording.encounter_id)

    await receive(works, doctor, recording.id, 1, b"two")
    async with works.begin(doctor) as uow:
        done = await recordings.complete_recording(
            uow, recording.id, recordings.Completion(chunk_count=2)
        )
    assert done.status is recordings.RecordingStatus.COMPLETED


async def test_after_completion_only_what_is_known_is_accepted(works: Works, doctor: Actor) -> None:
    recording = await a_completed_recording(works, doctor, pieces=[b"one"])

    await receive(works, doctor, recording.id, 0, b"one")
    with pytest.raises(recordings.ChunkDiffers):
        await receive(works, doctor, recording.id, 0, b"two")
    with pytest.raises(recordings.RecordingCompleted):
        await receive(works, doctor, recording.id, 1, b"two")


async def test_new_sound_from_the_microphone_is_heard_while_it_arrives(
    works: Works, doctor: Actor
) -> None:
    live = await a_recording(works, doctor)
    await receive(works, doctor, live.id, 1, b"two")
    assert await jobs(works) == []

    await receive(works, doctor, live.id, 0, b"one")
    assert await jobs(works) == [f"transcription.advance:{live.id}:2"]


async def test_an_uploaded_file_is_heard_once_it_is_complete(works: Works, doctor: Actor) -> None:
    upload = recordings.RecordingOrigin.UPLOAD
    recording = await a_recording(works, doctor, pieces=[b"one"], origin=upload)
    assert await jobs(works) == []

    async with works.begin(doctor) as uow:
        await recordings.complete_recording(uow, recording.id, recordings.Completion(chunk_count=1))
    assert await jobs(works) == [f"transcription.advance:{recording.id}:final"]


async def test_stored_pieces_cannot_be_changed_behind_our_back(works: Works, doctor: Actor) -> None:
    recording = await a_recording(works, doctor, pieces=[b"one"])
    async with works.begin(doctor) as uow:
        chunk = (await uow.db.scalars(select(recordings.Chunk))).one()
        await works.stores.blobs.delete(chunk.blob_id)
        await works.stores.blobs.put(chunk.blob_id, b"eno", {})

    with pytest.raises(recordings.SoundDamaged):
        await bytes_of(works, recording.id)
    await works.stores.blobs.delete(chunk.blob_id)
    with pytest.raises(recordings.SoundDamaged):
        await bytes_of(works, recording.id)
