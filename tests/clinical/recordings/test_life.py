"""From the first word to the seal, and every way in which it may be refused."""

import hashlib
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from app import audit
from app.clinical import encounters, recordings
from app.clinical.recordings.errors import ContinuesElsewhere
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.kernel.lifecycle import IllegalMove
from tests.builders.encounters import an_encounter, an_encounter_to_record, consented
from tests.builders.recordings import (
    PIECES,
    a_completed_recording,
    a_recording,
    a_sealed_recording,
    receive,
)

TRANSCRIBER = Actor.system("transcriber")
FACTS = text("select name, payload from outbox where name like 'clinical.recording_%' order by seq")
Status = recordings.RecordingStatus


async def complete(
    works: Works, doctor: Actor, recording_id: UUID, count: int, sha256: str | None = None
) -> recordings.Recording:
    completion = recordings.Completion(chunk_count=count, sha256=sha256)
    async with works.begin(doctor) as uow:
        return await recordings.complete_recording(uow, recording_id, completion)


async def moves_of(works: Works, recording_id: UUID) -> list[tuple[Any, ...]]:
    move = recordings.RecordingMove
    statement = select(move).where(move.recording_id == recording_id).order_by(move.seq)
    async with works.begin(TRANSCRIBER) as uow:
        return [
            (row.from_status, row.to_status, row.reason, row.moved_by)
            for row in await uow.db.scalars(statement)
        ]


async def facts(works: Works) -> list[tuple[str, dict[str, Any]]]:
    async with works.begin(TRANSCRIBER) as uow:
        return [(row.name, row.payload) for row in await uow.db.execute(FACTS)]


async def test_without_the_patients_yes_nothing_is_recorded(works: Works, doctor: Actor) -> None:
    encounter = await an_encounter(works, doctor)
    with pytest.raises(recordings.ConsentMissing):
        await a_recording(works, doctor, encounter_id=encounter.id)

    await consented(works, doctor, encounter.id)
    await a_recording(works, doctor, encounter_id=encounter.id)

    await consented(works, doctor, encounter.id, encounters.ConsentDecision.DENY)
    with pytest.raises(recordings.ConsentMissing):
        await a_recording(works, doctor, encounter_id=encounter.id)


async def test_only_doctors_record(
    works: Works, doctor: Actor, nurse: Actor, receptionist: Actor
) -> None:
    encounter = await an_encounter_to_record(works, doctor)

    for somebody in (nurse, receptionist):
        with pytest.raises(recordings.NotADictatingDoctor):
            await a_recording(works, somebody, encounter_id=encounter.id)


async def test_the_desk_sees_no_recording(
    works: Works, doctor: Actor, nurse: Actor, receptionist: Actor
) -> None:
    recording = await a_recording(works, doctor)

    async with works.begin(nurse) as uow:
        assert await recordings.read_recording(uow, recording.id)
    with pytest.raises(recordings.NotAListener):
        async with works.begin(receptionist) as uow:
            await recordings.read_recording(uow, recording.id)
    with pytest.raises(recordings.NotAListener):
        async with works.begin(receptionist) as uow:
            await recordings.list_recordings(uow)


async def test_no_recording_begins_in_an_encounter_that_is_over(
    works: Works, doctor: Actor
) -> None:
    encounter = await an_encounter_to_record(works, doctor)
    async with works.begin(doctor) as uow:
        await encounters.complete_encounter(uow, encounter.id)

    with pytest.raises(encounters.EncounterClosed):
        await a_recording(works, doctor, encounter_id=encounter.id)


async def test_a_recording_continues_one_of_the_same_encounter_only(
    works: Works, doctor: Actor
) -> None:
    first = await a_completed_recording(works, doctor)
    elsewhere = await an_encounter_to_record(works, doctor)
    new = recordings.NewRecording(
        media_type=recordings.MediaType.WAV,
        origin=recordings.RecordingOrigin.MICROPHONE,
        continues=first.id,
    )

    async with works.begin(doctor) as uow:
        second = await recordings.begin_recording(uow, first.encounter_id, new)
    assert second.continues == first.id
    for unknown in (first.id, UUID(int=7)):
        with pytest.raises(ContinuesElsewhere):
            async with works.begin(doctor) as uow:
                await recordings.begin_recording(
                    uow, elsewhere.id, new.model_copy(update={"continues": unknown})
                )


async def test_completion_waits_for_every_piece(works: Works, doctor: Actor) -> None:
    recording = await a_recording(works, doctor, pieces=[b"one"])
    await receive(works, doctor, recording.id, 3, b"four")

    with pytest.raises(recordings.ChunksMissing) as refused:
        await complete(works, doctor, recording.id, 6)
    assert (refused.value.missing, refused.value.missing_count) == ([1, 2, 4, 5], 4)

    for seq in (1, 2):
        await receive(works, doctor, recording.id, seq, b"more")
    done = await complete(works, doctor, recording.id, 4)
    assert (done.status, done.completed_by) == (Status.COMPLETED, recordings.CompletedBy.CLIENT)


async def test_completion_does_not_cut_off_what_has_arrived(works: Works, doctor: Actor) -> None:
    recording = await a_recording(works, doctor, pieces=[b"one"])
    await receive(works, doctor, recording.id, 5, b"six")

    with pytest.raises(recordings.CountDiffers):
        await complete(works, doctor, recording.id, 3)


async def test_completing_again_changes_nothing(works: Works, doctor: Actor) -> None:
    recording = await a_completed_recording(works, doctor)

    again = await complete(works, doctor, recording.id, len(PIECES))
    assert again.completed_at == recording.completed_at
    with pytest.raises(recordings.CountDiffers):
        await complete(works, doctor, recording.id, len(PIECES) + 1)
    assert [name for name, _ in await facts(works)] == ["clinical.recording_completed.v1"]


async def test_an_empty_recording_can_be_completed_and_says_so(works: Works, doctor: Actor) -> None:
    recording = await a_completed_recording(works, doctor, pieces=[])

    assert (recording.status, recording.byte_count) == (Status.COMPLETED, 0)


async def test_every_move_is_kept_and_told(works: Works, doctor: Actor) -> None:
    recording = await a_completed_recording(works, doctor)
    async with works.begin(doctor) as uow:
        await recordings.mark_entered_in_error(uow, recording.id, reason="Wrong visit.")

    assert await moves_of(works, recording.id) == [
        (None, Status.RECEIVING, None, doctor.id),
        (Status.RECEIVING, Status.COMPLETED, None, doctor.id),
        (Status.COMPLETED, Status.ENTERED_IN_ERROR, "Wrong visit.", doctor.id),
    ]
    ids = {
        "recording_id": str(recording.id),
        "encounter_id": str(recording.encounter_id),
        "patient_id": str(recording.patient_id),
    }
    assert await facts(works) == [
        ("clinical.recording_completed.v1", {**ids, "completed_by": "client"}),
        ("clinical.recording_withdrawn.v1", ids),
    ]


async def test_what_was_entered_in_error_takes_nothing_more(works: Works, doctor: Actor) -> None:
    recording = await a_recording(works, doctor, pieces=[b"one"])
    async with works.begin(doctor) as uow:
        await recordings.mark_entered_in_error(uow, recording.id, reason="Wrong visit.")

    with pytest.raises(recordings.RecordingEnteredInError):
        await receive(works, doctor, recording.id, 1, b"two")
    with pytest.raises(recordings.RecordingEnteredInError):
        await complete(works, doctor, recording.id, 1)
    with pytest.raises(IllegalMove):
        async with works.begin(doctor) as uow:
            await recordings.mark_entered_in_error(uow, recording.id, reason="Again.")


async def test_a_seal_stays_as_it_is(works: Works, doctor: Actor) -> None:
    recording = await a_sealed_recording(works, doctor)
    whole = hashlib.sha256(b"".join(PIECES)).hexdigest()
    assert (recording.sha256, recording.duration_seconds) == (whole, 1.5)

    async with works.begin(TRANSCRIBER) as uow:
        again = await recordings.seal_recording(uow, recording.id, sha256=whole)
    assert (again.duration_seconds, again.sealed_at) == (1.5, recording.sealed_at)
    with pytest.raises(recordings.SoundDamaged):
        async with works.begin(TRANSCRIBER) as uow:
            await recordings.seal_recording(uow, recording.id, sha256="0" * 64)


async def test_a_seal_must_be_the_one_the_sender_named(works: Works, doctor: Actor) -> None:
    recording = await a_recording(works, doctor, pieces=[b"one"])
    with pytest.raises(recordings.RecordingUnfinished):
        async with works.begin(TRANSCRIBER) as uow:
            await recordings.seal_recording(uow, recording.id, sha256="0" * 64)

    await complete(works, doctor, recording.id, 1, sha256="1" * 64)

    with pytest.raises(recordings.DeclaredSoundDiffers):
        async with works.begin(TRANSCRIBER) as uow:
            await recordings.seal_recording(uow, recording.id, sha256="0" * 64)


async def test_everything_done_or_seen_leaves_a_trace(works: Works, doctor: Actor) -> None:
    recording = await a_sealed_recording(works, doctor, pieces=[b"one"])
    async with works.begin(doctor) as uow:
        await recordings.read_recording(uow, recording.id)
        await recordings.read_received(uow, recording.id)
        await recordings.list_recordings(uow)
        await recordings.open_sound(uow, recording.id)

    event = audit.AuditEvent
    statement = select(event).where(event.action.startswith("recording.")).order_by(event.seq)
    async with works.begin(TRANSCRIBER) as uow:
        rows = (await uow.db.scalars(statement)).all()
    assert [row.action.removeprefix("recording.") for row in rows] == [
        "begin",
        "receive_chunk",
        "complete",
        "seal",
        "read",
        "read_received",
        "list",
        "listen",
    ]
    assert {row.patient_id for row in rows if row.subject_id} == {recording.patient_id}
