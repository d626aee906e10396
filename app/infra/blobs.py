"""Bytes too large for a row: a small protocol, and GridFS behind it."""

import hashlib
from collections.abc import AsyncIterator, Mapping
from typing import Any, Protocol
from uuid import UUID

from gridfs import NoFile
from gridfs.asynchronous import AsyncGridFSBucket
from motor.motor_asyncio import AsyncIOMotorDatabase, AsyncIOMotorGridFSBucket
from pymongo.asynchronous.database import AsyncDatabase

from app.kernel.errors import NotFound

BUCKET = "voice"
READ_BYTES = 1 << 18


class BlobMissing(NotFound):
    """The stored bytes are not where the record says they are."""

    blob_id: UUID


class BlobStore(Protocol):
    """Immutable bytes under an id chosen by the caller; a fresh id for every attempt."""

    async def put(self, blob_id: UUID, data: bytes, metadata: Mapping[str, Any]) -> None:
        """Store the bytes; they survive a crash once this returns."""

    async def get(self, blob_id: UUID) -> bytes:
        """All bytes, or `BlobMissing`."""

    async def delete(self, blob_id: UUID) -> None:
        """Remove the bytes; nothing happens when they are gone already."""

    def ids(self) -> AsyncIterator[UUID]:
        """Every stored id, for the sweeper."""
        ...


class MotorBlobs:
    """GridFS through motor, as the design card of the product says."""

    def __init__(self, database: AsyncIOMotorDatabase[dict[str, Any]]) -> None:
        self._bucket = AsyncIOMotorGridFSBucket(database, bucket_name=BUCKET)

    async def put(self, blob_id: UUID, data: bytes, metadata: Mapping[str, Any]) -> None:
        await self._bucket.upload_from_stream_with_id(
            blob_id, str(blob_id), data, metadata=describe(data, metadata)
        )

    async def get(self, blob_id: UUID) -> bytes:
        try:
            stream = await self._bucket.open_download_stream(blob_id)
            return bytes(await stream.read())
        except NoFile as error:
            raise BlobMissing(blob_id=blob_id) from error

    async def delete(self, blob_id: UUID) -> None:
        try:
            await self._bucket.delete(blob_id)
        except NoFile:
            return

    async def ids(self) -> AsyncIterator[UUID]:
        async for found in self._bucket.find({}):
            yield found._id  # noqa: SLF001 - GridOut exposes its id under this name


class PyMongoBlobs:
    """The same GridFS through PyMongo's own async API, for the day motor ends."""

    def __init__(self, database: AsyncDatabase[dict[str, Any]]) -> None:
        self._bucket = AsyncGridFSBucket(database, bucket_name=BUCKET)

    async def put(self, blob_id: UUID, data: bytes, metadata: Mapping[str, Any]) -> None:
        await self._bucket.upload_from_stream_with_id(
            blob_id, str(blob_id), data, metadata=describe(data, metadata)
        )

    async def get(self, blob_id: UUID) -> bytes:
        try:
            stream = await self._bucket.open_download_stream(blob_id)
            return bytes(await stream.read())
        except NoFile as error:
            raise BlobMissing(blob_id=blob_id) from error

    async def delete(self, blob_id: UUID) -> None:
        try:
            await self._bucket.delete(blob_id)
        except NoFile:
            return

    async def ids(self) -> AsyncIterator[UUID]:
        async for found in self._bucket.find({}):
            yield found._id  # noqa: SLF001 - GridOut exposes its id under this name


class MemoryBlobs:
    """Blobs for unit tests; the same contract, nothing kept."""

    def __init__(self) -> None:
        self._kept: dict[UUID, bytes] = {}

    async def put(self, blob_id: UUID, data: bytes, metadata: Mapping[str, Any]) -> None:
        self._kept[blob_id] = bytes(data)

    async def get(self, blob_id: UUID) -> bytes:
        try:
            return self._kept[blob_id]
        except KeyError as error:
            raise BlobMissing(blob_id=blob_id) from error

    async def delete(self, blob_id: UUID) -> None:
        self._kept.pop(blob_id, None)

    async def ids(self) -> AsyncIterator[UUID]:
        for blob_id in list(self._kept):
            yield blob_id


def describe(data: bytes, metadata: Mapping[str, Any]) -> dict[str, Any]:
    return {**metadata, "sha256": hashlib.sha256(data).hexdigest()}
