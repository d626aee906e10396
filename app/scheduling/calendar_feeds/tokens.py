"""The key to a feed: made once, known to its owner alone, kept as a digest."""

import hashlib
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> bytes:
    """What is kept of a token; whatever else somebody sends has one too."""
    return hashlib.sha256(token.encode(errors="replace")).digest()
