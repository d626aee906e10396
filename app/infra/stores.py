"""The machines beside Postgres that a unit of work can reach."""

from dataclasses import dataclass
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

from app.infra.blobs import BlobStore
from app.infra.wakeups import Wakeups


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    documents: AsyncDatabase[dict[str, Any]]
    blobs: BlobStore
    wakeups: Wakeups
