"""Content-Digest: what the sender says of the bytes (RFC 9530)."""

import base64
import binascii
import re

from app.clinical.recordings.errors import DigestMissing, DigestUnreadable

# One member of the dictionary (RFC 9651): an algorithm, and the digest between colons.
MEMBER = re.compile(r"([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*={0,2}):(?:;[^,]*)?")
AT = ["header", "content-digest"]
SHA256_BYTES = 32


def sha256_in(header: str) -> str:
    """The sha-256 a Content-Digest names, in hex; other algorithms are passed over.

    Raises `DigestUnreadable`, or `DigestMissing` when there is no sha-256 among them.
    """
    named: dict[str, str] = {}
    for part in header.split(","):
        member = MEMBER.fullmatch(part.strip(" \t"))
        if member is None:
            raise unreadable("It is a list of algorithm=:base64: pairs.")
        named[member[1]] = member[2]
    if "sha-256" not in named:
        why = "There is no sha-256 among the digests."
        raise DigestMissing(errors=[{"at": AT, "why": why, "rule": "sha256_required"}])
    try:
        digest = base64.b64decode(named["sha-256"], validate=True)
    except binascii.Error:
        raise unreadable("The sha-256 is not base64.") from None
    if len(digest) != SHA256_BYTES:
        raise unreadable("A sha-256 has 32 bytes.")
    return digest.hex()


def unreadable(why: str) -> DigestUnreadable:
    return DigestUnreadable(errors=[{"at": AT, "why": why, "rule": "content_digest"}])
