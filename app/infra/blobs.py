"""Bytes too large for a row: a small protocol, and GridFS behind it."""

import hashlib
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from bson import ObjectId
from gridfs import NoFile
from gridfs.asynchronous import AsyncGridFSBucket
from gridfs.errors import CorruptGridFile, FileExists
from motor.motor_asyncio import AsyncIOMotorDatabase, AsyncIOMotorGridFSBucket
from pymongo.asynchronous.database import AsyncDatabase

from app.kernel.clock import Clock, SystemClock
from app.kernel.errors import NotFound

BUCKET = "voice"
PIECES = f"{BUCKET}.chunks"
PIECES_INDEX = [("files_id", 1), ("n", 1)]
FIRST_PIECE: dict[str, Any] = {"n": 0}


class BlobMissing(NotFound):
    """The stored bytes are not where the record says they are."""

    blob_id: UUID


class BlobStore(Protocol):
    """Immutable bytes, never none, under an id of the caller's; a fresh id for every attempt."""

    async def put(self, blob_id: UUID, data: bytes, metadata: Mapping[str, Any]) -> None:
        """Store the bytes; they survive a crash once this returns."""

    async def get(self, blob_id: UUID) -> bytes:
        """All bytes, or `BlobMissing` when they are gone or cut short."""

    async def delete(self, blob_id: UUID) -> None:
        """Remove the bytes; nothing happens when they are gone already."""

    def ids(self) -> AsyncIterator[UUID]:
        """Every id with stored bytes, for the sweeper; those of a broken-off `put` too."""
        ...

    async def stored_at(self, blob_id: UUID) -> datetime | None:
        """When storing began (to the second), or None when there is nothing."""


class GridFsBlobs:
    """GridFS through either driver: both spell it alike."""

    def __init__(self, bucket: Any, pieces: Any) -> None:
        self._bucket = bucket
        self._pieces = pieces

    async def put(self, blob_id: UUID, data: bytes, metadata: Mapping[str, Any]) -> None:
        await self._bucket.upload_from_stream_with_id(
            blob_id, str(blob_id), data, metadata=describe(data, metadata)
        )

    async def get(self, blob_id: UUID) -> bytes:
        try:
            stream = await self._bucket.open_download_stream(blob_id)
            return bytes(await stream.read())
        except (NoFile, CorruptGridFile) as error:
            raise BlobMissing(blob_id=blob_id) from error

    async def delete(self, blob_id: UUID) -> None:
        try:
            await self._bucket.delete(blob_id)
        except NoFile:
            return

    async def ids(self) -> AsyncIterator[UUID]:
        # A `put` that was killed leaves pieces without a file, so the pieces are what we list.
        only_id = {"_id": False, "files_id": True}
        async for piece in self._pieces.find(FIRST_PIECE, only_id).hint(PIECES_INDEX):
            yield piece["files_id"]

    async def stored_at(self, blob_id: UUID) -> datetime | None:
        piece = await self._pieces.find_one({"files_id": blob_id, **FIRST_PIECE}, {"_id": True})
        return None if piece is None else born(piece)


class MotorBlobs(GridFsBlobs):
    """Through motor, as the design card of the product says."""

    def __init__(self, database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
        bucket = AsyncIOMotorGridFSBucket(database, bucket_name=BUCKET)
        super().__init__(bucket, database[PIECES])


class PyMongoBlobs(GridFsBlobs):
    """Through PyMongo's own async API, for the day motor ends."""

    def __init__(self, database: AsyncDatabase[dict[str, Any]]) -> None:
        super().__init__(AsyncGridFSBucket(database, bucket_name=BUCKET), database[PIECES])


class MemoryBlobs:
    """Blobs for unit tests; the same contract, nothing kept."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._kept: dict[UUID, tuple[datetime, bytes]] = {}

    async def put(self, blob_id: UUID, data: bytes, metadata: Mapping[str, Any]) -> None:
        if blob_id in self._kept:
            raise FileExists(f"{blob_id} is stored already")
        self._kept[blob_id] = (self._clock.now(), bytes(data))

    async def get(self, blob_id: UUID) -> bytes:
        try:
            return self._kept[blob_id][1]
        except KeyError as error:
            raise BlobMissing(blob_id=blob_id) from error

    async def delete(self, blob_id: UUID) -> None:
        self._kept.pop(blob_id, None)

    async def ids(self) -> AsyncIterator[UUID]:
        for blob_id in list(self._kept):
            yield blob_id

    async def stored_at(self, blob_id: UUID) -> datetime | None:
        kept = self._kept.get(blob_id)
        return None if kept is None else kept[0].replace(microsecond=0)


def born(piece: Mapping[str, Any]) -> datetime:
    """GridFS stamps every piece with an ObjectId, whose first bytes are the time."""
    object_id: ObjectId = piece["_id"]
    return object_id.generation_time


def describe(data: bytes, metadata: Mapping[str, Any]) -> dict[str, Any]:
    return {**metadata, "sha256": hashlib.sha256(data).hexdigest()}
