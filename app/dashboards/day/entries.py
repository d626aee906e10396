"""A day as it is kept: bytes that can be sent as they are, and what has to be known of them."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

SHAPE = 2  # of what is kept; raised whenever an answer looks different


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One doctor's day, true as long as `version` counts and `until` has not come."""

    who: UUID
    day: date
    version: str
    until: datetime
    body: bytes
    etag: str
    patients: tuple[str, ...]

    def serves(self, day: date, version: str, now: datetime) -> bool:
        return self.day == day and self.version == version and now < self.until

    def packed(self) -> bytes:
        head = {
            "who": str(self.who),
            "day": self.day.isoformat(),
            "version": self.version,
            "until": self.until.isoformat(),
            "etag": self.etag,
            "patients": self.patients,
        }
        return json.dumps(head).encode() + b"\n" + self.body


def unpacked(kept: bytes) -> Entry | None:
    """None for what cannot be read: it is as if it were not there."""
    head, _, body = kept.partition(b"\n")
    try:
        said = json.loads(head)
        entry = Entry(
            who=UUID(said["who"]),
            day=date.fromisoformat(said["day"]),
            version=said["version"],
            until=datetime.fromisoformat(said["until"]),
            body=body,
            etag=said["etag"],
            patients=tuple(said["patients"]),
        )
    except (ValueError, KeyError, TypeError):
        return None
    return entry if entry.etag == etag_of(body) else None


def etag_of(body: bytes) -> str:
    """Of what is said, not of the version: a change that shows nowhere is none to a browser."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def made(who: UUID, day: date, version: str, until: datetime, body: str) -> Entry:
    said = body.encode()
    return Entry(
        who=who,
        day=day,
        version=version,
        until=until.astimezone(UTC),
        body=said,
        etag=etag_of(said),
        patients=tuple(patients_in(json.loads(body))),
    )


def patients_in(said: dict[str, Any]) -> list[str]:
    """Whom somebody sees who sees this; whose name is withheld is not seen."""
    rows = [row for part in said.values() if isinstance(part, list) for row in part]
    named = (row["patient_id"] for row in rows if row["patient_id"] and not row.get("restricted"))
    return list(dict.fromkeys(named))
