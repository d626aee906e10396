"""Recordings as the outside world meets them."""

import hashlib
from typing import Any
from uuid import uuid4

from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.encounters import an_encounter, an_encounter_to_record
from tests.builders.recordings import (
    PIECES,
    a_completed_recording,
    a_recording,
    a_sealed_recording,
    digest_of,
    streaming_wav,
)
from tests.conftest import Client

WHOLE = b"".join(PIECES)
SHA256 = hashlib.sha256(WHOLE).hexdigest()
NEW = {"media_type": "audio/webm;codecs=opus", "origin": "upload"}


async def put(
    client: Client, recording_id: Any, seq: int, data: bytes, digest: str | None = None
) -> Any:
    return await client.put(
        f"/api/v1/recordings/{recording_id}/chunks/{seq}",
        content=data,
        headers={"Content-Digest": digest or digest_of(data)},
    )


async def test_a_dictation_from_beginning_to_end(
    works: Works, doctor: Actor, as_doctor: Client
) -> None:
    encounter = await an_encounter_to_record(works, doctor)

    begun = await as_doctor.post(f"/api/v1/encounters/{encounter.id}/recordings", json=NEW)
    assert begun.status_code == 201, begun.text
    url = begun.headers["location"]
    assert (begun.json()["status"], begun.json()["media_type"]) == ("receiving", "audio/webm")
    assert (begun.json()["highest_contiguous"], begun.json()["missing"]) == (-1, [])

    for seq in (0, 2):
        receipt = await put(as_doctor, begun.json()["id"], seq, PIECES[seq])
        assert receipt.status_code == 200, receipt.text
    assert receipt.json()["missing"] == [1]
    early = await as_doctor.post(f"{url}/completion", json={"chunk_count": 3})
    assert (early.status_code, early.json()["type"]) == (409, "/problems/chunks-missing")
    assert early.json()["missing"] == [1]
    await put(as_doctor, begun.json()["id"], 1, PIECES[1])

    received = await as_doctor.get(f"{url}/chunks")
    assert received.json() == {
        "highest_contiguous": 2,
        "missing": [],
        "missing_count": 0,
        "received": 3,
    }
    gap = {"gap_start": "2026-03-02T09:00:00Z", "gap_end": "2026-03-02T09:00:04Z"}
    told = await as_doctor.post(f"{url}/gaps", json={**gap, "reason": "network"})
    assert (told.status_code, told.json()["reason"]) == (201, "network")
    done = await as_doctor.post(f"{url}/completion", json={"chunk_count": 3})
    assert (done.status_code, done.json()["completed_by"]) == (201, "client")
    assert done.json()["gaps"] == [{**gap, "reason": "network"}]
    assert (await as_doctor.get(url)).json() == done.json()


async def test_a_retried_beginning_begins_one_recording(
    works: Works, doctor: Actor, as_doctor: Client
) -> None:
    encounter = await an_encounter_to_record(works, doctor)
    url, key = f"/api/v1/encounters/{encounter.id}/recordings", {"Idempotency-Key": "begin-1"}

    first = await as_doctor.post(url, json=NEW, headers=key)
    second = await as_doctor.post(url, json=NEW, headers=key)

    assert first.json()["id"] == second.json()["id"]
    listed = await as_doctor.get("/api/v1/recordings", params={"encounter_id": str(encounter.id)})
    assert len(listed.json()["items"]) == 1


async def test_refusals_say_what_is_the_case(
    works: Works, doctor: Actor, as_doctor: Client, as_other_doctor: Client
) -> None:
    silent = await an_encounter(works, doctor)
    recording = await a_recording(works, doctor, pieces=PIECES)
    missing = await as_doctor.post(f"/api/v1/encounters/{silent.id}/recordings", json=NEW)
    answers = {
        "consent-missing": missing,
        "not-your-recording": await put(as_other_doctor, recording.id, 3, b"x"),
        "recording-not-found": await put(as_doctor, uuid4(), 0, b"x"),
        "chunk-differs": await put(as_doctor, recording.id, 0, b"other"),
        "digest-differs": await put(as_doctor, recording.id, 3, b"x", digest_of(b"y")),
        "digest-missing": await put(as_doctor, recording.id, 3, b"x", "sha-512=:AAAA:"),
        "digest-unreadable": await put(as_doctor, recording.id, 3, b"x", "sha-256=AAAA"),
        "chunk-empty": await put(as_doctor, recording.id, 3, b""),
        "chunk-too-large": await put(as_doctor, recording.id, 3, bytes(8 * 1024 * 1024 + 1)),
    }

    statuses = {name: answer.status_code for name, answer in answers.items()}
    assert statuses == {
        "consent-missing": 409,
        "not-your-recording": 403,
        "recording-not-found": 404,
        "chunk-differs": 409,
        "digest-differs": 422,
        "digest-missing": 422,
        "digest-unreadable": 422,
        "chunk-empty": 422,
        "chunk-too-large": 422,
    }
    for name, answer in answers.items():
        assert answer.json()["type"] == f"/problems/{name}"
    assert answers["digest-unreadable"].json()["errors"][0]["at"] == ["header", "content-digest"]


async def test_a_chunk_needs_its_digest_and_a_number_within_bounds(
    works: Works, doctor: Actor, as_doctor: Client
) -> None:
    recording = await a_recording(works, doctor)

    bare = await as_doctor.put(f"/api/v1/recordings/{recording.id}/chunks/0", content=b"x")
    assert bare.status_code == 422
    assert bare.json()["errors"][0]["at"] == ["header", "content-digest"]
    for seq in (-1, 100_000):
        assert (await put(as_doctor, recording.id, seq, b"x")).status_code == 422


async def test_malformed_beginnings_and_gaps_are_refused(
    works: Works, doctor: Actor, as_doctor: Client
) -> None:
    recording = await a_recording(works, doctor)
    url = f"/api/v1/recordings/{recording.id}"
    gap = {"gap_start": "2026-03-02T09:00:10Z", "reason": "network"}

    beginnings = f"/api/v1/encounters/{recording.encounter_id}/recordings"
    for body in ({**NEW, "media_type": "text/html"}, {**NEW, "origin": "phone"}, {**NEW, "x": 1}):
        assert (await as_doctor.post(beginnings, json=body)).status_code == 422
    for change in (
        {"gap_end": "2026-03-02T09:00:09Z"},
        {"gap_start": "0001-01-01T00:00:00+14:00"},
        {"gap_start": "2026-03-02T09:00:10"},
        {"reason": "bored"},
    ):
        refused = await as_doctor.post(f"{url}/gaps", json={**gap, **change})
        assert refused.status_code == 422
    wrong = {"reason": " "}
    assert (await as_doctor.post(f"{url}/entered-in-error", json=wrong)).status_code == 422


async def test_a_recording_made_in_error_says_so(
    works: Works, doctor: Actor, as_doctor: Client
) -> None:
    recording = await a_completed_recording(works, doctor)

    marked = await as_doctor.post(
        f"/api/v1/recordings/{recording.id}/entered-in-error", json={"reason": "Wrong visit."}
    )

    assert (marked.status_code, marked.json()["status"]) == (201, "entered-in-error")


async def test_one_finds_ones_own_open_recordings(
    works: Works, doctor: Actor, other_doctor: Actor, as_doctor: Client
) -> None:
    open_ = await a_recording(works, doctor)
    await a_completed_recording(works, doctor)
    await a_recording(works, other_doctor)

    mine = await as_doctor.get("/api/v1/recordings?status=receiving&mine=true")
    assert [item["id"] for item in mine.json()["items"]] == [str(open_.id)]
    pages, cursor = [], None
    while True:
        params = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await as_doctor.get("/api/v1/recordings", params=params)).json()
        pages.append(len(page["items"]))
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert pages == [2, 1]


async def test_nurses_listen_and_the_desk_does_not(
    works: Works, doctor: Actor, as_nurse: Client, as_receptionist: Client, client: Client
) -> None:
    recording = await a_completed_recording(works, doctor)
    audio = f"/api/v1/recordings/{recording.id}/audio"

    assert (await as_nurse.get(audio)).content == WHOLE
    assert (await as_receptionist.get(audio)).status_code == 403
    assert (await client.get(audio)).status_code == 401
    assert (await put(as_nurse, recording.id, 3, b"x")).status_code == 403


async def test_parts_of_the_sound_are_served(
    works: Works, doctor: Actor, as_doctor: Client
) -> None:
    recording = await a_sealed_recording(works, doctor)
    audio = f"/api/v1/recordings/{recording.id}/audio"
    parts = {
        "bytes=0-0": WHOLE[:1],
        "bytes=9-13": WHOLE[9:14],
        "bytes=12-": WHOLE[12:],
        "bytes=-7": WHOLE[-7:],
    }

    for asked, expected in parts.items():
        part = await as_doctor.get(audio, headers={"Range": asked})
        first = WHOLE.index(expected)
        last = first + len(expected) - 1
        assert (part.status_code, part.content) == (206, expected)
        assert part.headers["content-range"] == f"bytes {first}-{last}/{len(WHOLE)}"
        assert part.headers["content-length"] == str(len(expected))


async def test_the_whole_sound_is_served_with_its_checksum(
    works: Works, doctor: Actor, as_doctor: Client
) -> None:
    recording = await a_sealed_recording(works, doctor)
    audio = f"/api/v1/recordings/{recording.id}/audio"

    whole = await as_doctor.get(audio)
    assert (whole.status_code, whole.content) == (200, WHOLE)
    assert whole.headers["etag"] == f'"{SHA256}"'
    assert whole.headers["content-type"] == "audio/wav"
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["cache-control"] == "private, no-store"
    assert whole.headers["content-disposition"] == "inline"
    head = await as_doctor.head(audio, headers={"Range": "bytes=1-2"})
    assert (head.status_code, head.content, head.headers["content-length"]) == (206, b"", "2")
    many = await as_doctor.get(audio, headers={"Range": "bytes=0-1,3-4"})
    assert (many.status_code, many.content) == (200, WHOLE)
    outside = await as_doctor.get(audio, headers={"Range": "bytes=9999-"})
    assert (outside.status_code, outside.headers["content-range"]) == (416, f"bytes */{len(WHOLE)}")


async def test_a_range_counts_only_for_the_sound_it_was_meant_for(
    works: Works, doctor: Actor, as_doctor: Client
) -> None:
    sealed = await a_sealed_recording(works, doctor)
    growing = await a_recording(works, doctor, pieces=PIECES)

    async def status(recording_id: Any, if_range: str) -> int:
        headers = {"Range": "bytes=0-1", "If-Range": if_range}
        audio = f"/api/v1/recordings/{recording_id}/audio"
        return (await as_doctor.get(audio, headers=headers)).status_code

    assert await status(sealed.id, f'"{SHA256}"') == 206
    assert await status(sealed.id, '"another"') == 200
    assert await status(growing.id, f'W/"{len(WHOLE)}"') == 200


async def test_players_are_told_the_length_of_a_dictation(
    works: Works, doctor: Actor, as_doctor: Client
) -> None:
    stored = streaming_wav(b"samples!")
    recording = await a_sealed_recording(works, doctor, pieces=[stored[:50], stored[50:]])
    audio = f"/api/v1/recordings/{recording.id}/audio"

    exact = await as_doctor.get(audio)
    corrected = await as_doctor.get(audio, params={"playable": "true"})

    assert exact.content == stored
    assert corrected.content[4:8] == (44).to_bytes(4, "little")
    assert corrected.content[40:44] == (8).to_bytes(4, "little")
    assert corrected.content[44:] == b"samples!"
    assert exact.headers["etag"] != corrected.headers["etag"]


async def test_a_recording_of_nothing_is_served_as_nothing(
    works: Works, doctor: Actor, as_doctor: Client
) -> None:
    recording = await a_recording(works, doctor)

    nothing = await as_doctor.get(f"/api/v1/recordings/{recording.id}/audio?playable=true")

    assert (nothing.status_code, nothing.content) == (200, b"")


async def test_damage_is_told_before_the_first_byte_leaves(
    works: Works, doctor: Actor, as_doctor: Client
) -> None:
    recording = await a_sealed_recording(works, doctor, pieces=[b"one"])
    async for blob_id in works.stores.blobs.ids():
        await works.stores.blobs.delete(blob_id)

    broken = await as_doctor.get(f"/api/v1/recordings/{recording.id}/audio")

    assert (broken.status_code, broken.json()["type"]) == (409, "/problems/sound-damaged")
