"""Pages of patients in the order of their names."""

import base64
import binascii
from dataclasses import dataclass
from uuid import UUID

from app.kernel.paging import CursorUnreadable


@dataclass(frozen=True, slots=True)
class NamePage:
    """How many patients, and after whom.

    The cursor names the last patient by id only: it travels in addresses, where no name of a
    patient belongs.
    """

    limit: int = 25
    after: UUID | None = None

    @classmethod
    def read(cls, cursor: str | None, limit: int = 25) -> "NamePage":
        """The page a cursor asks for, or the first; raises `CursorUnreadable`."""
        if not cursor:
            return cls(limit=limit)
        try:
            return cls(limit=limit, after=UUID(bytes=base64.urlsafe_b64decode(cursor.encode())))
        except (ValueError, binascii.Error) as error:
            raise CursorUnreadable from error


def cursor_after(patient_id: UUID) -> str:
    return base64.urlsafe_b64encode(patient_id.bytes).decode()
