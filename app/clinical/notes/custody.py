"""The custody chain: what exactly was signed, and what it rests on, as SHA-256.

The canonical form of a signed revision or addendum is its whole stored content but for its id
and the hash itself: JSON with sorted keys, no spaces, UTF-8, instants in UTC in milliseconds.
Texts are brought into Unicode NFC when typed, never here: what is stored is what is hashed.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

OUTSIDE_THE_HASH = frozenset({"_id", "content_sha256"})
NONE = "-"


def canonical(content: Mapping[str, Any]) -> bytes:
    """The bytes over which a document is hashed; equal contents give equal bytes."""
    kept = {key: value for key, value in content.items() if key not in OUTSIDE_THE_HASH}
    return json.dumps(
        kept,
        sort_keys=True,
        ensure_ascii=False,
        allow_nan=False,
        separators=(",", ":"),
        default=plain,
    ).encode()


def plain(value: object) -> str:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return to_milliseconds(value).isoformat(timespec="milliseconds")
    raise TypeError(f"a {type(value).__name__} has no canonical form")


def to_milliseconds(at: datetime) -> datetime:
    """The instant as Mongo keeps it, so that it reads back as it was hashed."""
    return at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000)


def content_sha256(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()


def chain_sha256(
    *, recording: str | None, transcript: str | None, content: str, previous: str | None
) -> str:
    """One link over the hashes of recording, transcript, content and the previous link."""
    parts = (recording or NONE, transcript or NONE, content, previous or NONE)
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def frozen_id(note_id: UUID, name: str, sha256: str) -> UUID:
    """The id of a signed document: the same content always gets the same one."""
    return uuid5(note_id, f"{name}:{sha256}")
