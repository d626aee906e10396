"""One contract for every blob store: what holds for one holds for all."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from gridfs.errors import FileExists

from app.infra.blobs import PIECES, BlobMissing, BlobStore, MemoryBlobs, MotorBlobs, PyMongoBlobs
from app.infra.mongo import open_mongo, open_motor

FIRST = UUID(int=1)
SECOND = UUID(int=2)
LARGER_THAN_A_PIECE = bytes(range(256)) * 4000


@pytest.fixture(params=["motor", "pymongo", "memory"])
async def blobs(request: pytest.FixtureRequest) -> AsyncIterator[BlobStore]:
    if request.param == "memory":
        yield MemoryBlobs()
        return
    mongo_url = request.getfixturevalue("mongo_url")
    client: Any = {"motor": open_motor, "pymongo": open_mongo}[request.param](mongo_url)
    store = {"motor": MotorBlobs, "pymongo": PyMongoBlobs}[request.param]
    yield store(client.get_default_database())
    closing = client.close()
    if closing is not None:
        await closing


async def ids_of(blobs: BlobStore) -> set[UUID]:
    return {blob_id async for blob_id in blobs.ids()}


async def test_what_was_put_is_what_one_gets(blobs: BlobStore) -> None:
    await blobs.put(FIRST, b"a", {"seq": 0})
    await blobs.put(SECOND, LARGER_THAN_A_PIECE, {"seq": 1})

    assert await blobs.get(FIRST) == b"a"
    assert await blobs.get(SECOND) == LARGER_THAN_A_PIECE


async def test_what_was_never_put_is_missing(blobs: BlobStore) -> None:
    with pytest.raises(BlobMissing):
        await blobs.get(FIRST)
    assert await blobs.stored_at(FIRST) is None


async def test_an_id_cannot_be_given_other_bytes(blobs: BlobStore) -> None:
    await blobs.put(FIRST, b"first", {})

    with pytest.raises(FileExists):
        await blobs.put(FIRST, b"second", {})
    assert await blobs.get(FIRST) == b"first"


async def test_deleting_removes_and_may_be_repeated(blobs: BlobStore) -> None:
    await blobs.put(FIRST, LARGER_THAN_A_PIECE, {})
    await blobs.put(SECOND, b"stays", {})

    await blobs.delete(FIRST)
    await blobs.delete(FIRST)

    with pytest.raises(BlobMissing):
        await blobs.get(FIRST)
    assert await ids_of(blobs) == {SECOND}


async def test_every_id_is_listed_once(blobs: BlobStore) -> None:
    await blobs.put(FIRST, LARGER_THAN_A_PIECE, {})
    await blobs.put(SECOND, b"b", {})

    assert sorted([blob_id async for blob_id in blobs.ids()]) == [FIRST, SECOND]


async def test_the_time_of_storing_is_known_to_the_second(blobs: BlobStore) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    await blobs.put(FIRST, b"a", {})

    stored_at = await blobs.stored_at(FIRST)

    assert stored_at is not None
    assert before <= stored_at <= datetime.now(UTC) + timedelta(seconds=1)


@pytest.mark.parametrize("store", [MotorBlobs, PyMongoBlobs])
async def test_the_remains_of_a_killed_upload_are_listed_and_deleted(
    store: Any, mongo_url: str
) -> None:
    async with open_mongo(mongo_url) as client:
        pieces = client.get_default_database()[PIECES]
        await pieces.insert_one({"files_id": FIRST, "n": 0, "data": b"no file was ever written"})
        opened: Any = open_motor(mongo_url) if store is MotorBlobs else client
        blobs: BlobStore = store(opened.get_default_database())

        assert await ids_of(blobs) == {FIRST}
        assert await blobs.stored_at(FIRST) is not None
        await blobs.delete(FIRST)

        assert await pieces.count_documents({}) == 0
        if store is MotorBlobs:
            opened.close()
