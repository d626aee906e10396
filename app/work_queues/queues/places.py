"""Places in the order of work: where a page ends and the next one begins."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.kernel.paging import CursorUnreadable

FIELDS = 4
RANKS = range(4)


@dataclass(frozen=True, slots=True)
class Place:
    """The sort key of one row. `at`: when it breaches; of what is closed, when that was."""

    rank: int
    at: datetime
    created_at: datetime
    id: UUID

    def encode(self) -> str:
        told = f"{self.rank}|{self.at.isoformat()}|{self.created_at.isoformat()}|{self.id}"
        return base64.urlsafe_b64encode(told.encode()).decode()

    @classmethod
    def decode(cls, text: str) -> "Place":
        """Raises `CursorUnreadable` for whatever we did not write."""
        try:
            raw = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
            parts = raw.decode("ascii").split("|")
            if len(parts) != FIELDS:
                raise ValueError(text)
            rank, at, created_at = parts[0], *map(datetime.fromisoformat, parts[1:3])
            place = cls(int(rank), at, created_at, UUID(parts[3]))
            if place.rank not in RANKS or place.encode() != text:
                raise ValueError(text)
        except (ValueError, binascii.Error) as error:
            raise CursorUnreadable from error
        if at.tzinfo is None or created_at.tzinfo is None:
            raise CursorUnreadable
        return place


@dataclass(frozen=True, slots=True)
class PageOfQueue:
    """How many rows, and after which place."""

    limit: int = 25
    after: Place | None = None
