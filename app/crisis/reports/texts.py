"""Every statement that touches the texts of reports in Mongo; each is hashed when it is read."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import DuplicateKeyError

from app.crisis.reports.documents import ReportText
from app.crisis.reports.errors import ReportTextDamaged
from app.crisis.reports.models import ReportTextVersion
from app.infra.uow import UnitOfWork

Raw = dict[str, Any]


def collection(uow: UnitOfWork) -> AsyncCollection[Raw]:
    return uow.stores.documents[ReportText.Settings.name]


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def to_milliseconds(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000)


async def write(uow: UnitOfWork, row: ReportTextVersion, patient_id: UUID, text: str) -> None:
    """Store a text under the id its row will point to; the same content twice is stored once."""
    document = {
        "_id": row.document_id,
        "report_id": row.report_id,
        "patient_id": patient_id,
        "version": row.version,
        "text": text,
        "origin": row.origin.value,
        "written_by": row.written_by,
        "written_at": to_milliseconds(row.written_at),
        "content_sha256": row.content_sha256,
        "created_at": to_milliseconds(uow.now),
    }
    try:
        await collection(uow).insert_one(document)
    except DuplicateKeyError:
        # Touched, so that the sweeper of orphans leaves it alone while its row is written.
        touched = {"$set": {"created_at": document["created_at"]}}
        await collection(uow).update_one({"_id": row.document_id}, touched)


def document_id(report_id: UUID, version: int, sha256: str) -> UUID:
    return uuid5(report_id, f"text:{version}:{sha256}")


async def read(uow: UnitOfWork, row: ReportTextVersion) -> str:
    """The words of a version; raises `ReportTextDamaged` when they are not what was saved."""
    raw = await collection(uow).find_one({"_id": row.document_id})
    text = raw.get("text") if raw else None
    if not isinstance(text, str) or sha256_of(text) != row.content_sha256:
        raise ReportTextDamaged(report_id=row.report_id, version=row.version)
    return text


async def older_than(
    uow: UnitOfWork, before: datetime, *, after: UUID | None, limit: int
) -> Sequence[UUID]:
    """Ids of texts stored before a moment, in order."""
    wanted: Raw = {"created_at": {"$lt": before}}
    if after is not None:
        wanted["_id"] = {"$gt": after}
    found = collection(uow).find(wanted, {"_id": True}).sort("_id").limit(limit)
    return [raw["_id"] async for raw in found]


async def remove(uow: UnitOfWork, ids: Collection[UUID], before: datetime) -> int:
    """Those that are still so old; returns how many."""
    wanted = {"_id": {"$in": list(ids)}, "created_at": {"$lt": before}}
    return (await collection(uow).delete_many(wanted)).deleted_count
