"""Keyset pages: a cursor names the last row seen, so every page costs the same."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel

from app.kernel.errors import Invalid

T = TypeVar("T")
R = TypeVar("R")

MAX_PAGE = 100


class CursorUnreadable(Invalid):
    """The cursor was not one of ours: start again without it."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The sort key of the last row on a page: an instant, then an id."""

    at: datetime
    id: UUID

    def encode(self) -> str:
        return base64.urlsafe_b64encode(f"{self.at.isoformat()}|{self.id}".encode()).decode()

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        try:
            at, _, id_ = base64.urlsafe_b64decode(text.encode("ascii")).decode().partition("|")
            moment = datetime.fromisoformat(at)
            if moment.tzinfo is None:
                raise ValueError(at)
            return cls(at=moment.astimezone(UTC), id=UUID(id_))
        except (ValueError, OverflowError, binascii.Error) as error:
            raise CursorUnreadable from error


@dataclass(frozen=True, slots=True)
class PageRequest:
    limit: int = 25
    cursor: Cursor | None = None


class Page(BaseModel, Generic[T]):
    """Some items, and where the next ones begin."""

    items: list[T]
    next_cursor: str | None


def page_of(
    rows: Sequence[R], request: PageRequest, *, key: Callable[[R], Cursor]
) -> tuple[list[R], str | None]:
    """Cut `limit + 1` fetched rows to a page and the cursor of the next one."""
    kept = list(rows[: request.limit])
    more = len(rows) > request.limit
    return kept, key(kept[-1]).encode() if more and kept else None
