"""Hashing, and which passwords are too weak to hash at all."""

import asyncio

from pwdlib import PasswordHash

from app.identity.errors import PasswordTooWeak

HASHER = PasswordHash.recommended()
MIN_LENGTH = 15  # OWASP ASVS 5.0, 6.2.1: a password that is the only factor
MIN_DISTINCT = 5
CONTEXT_WORDS = ("dr-assistant", "drassistant", "password", "123456789", "qwertyuiop")

# Verifying against this costs as much as against a real hash, so time does not tell names apart.
NOBODY = HASHER.hash("nobody has this password")


async def hash_password(password: str) -> str:
    return await asyncio.to_thread(HASHER.hash, password)


async def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password is right; False for nobody, after the same amount of work."""
    right = await asyncio.to_thread(HASHER.verify, password, password_hash or NOBODY)
    return right and password_hash is not None


def check_strength(password: str, *, username: str) -> None:
    """Length over composition rules; what is guessed first is refused."""
    if len(password) < MIN_LENGTH:
        raise PasswordTooWeak(rule=f"at least {MIN_LENGTH} characters")
    rest = password.lower()
    for word in (*CONTEXT_WORDS, username.lower()):
        rest = rest.replace(word, "")
    if len(set(rest)) < MIN_DISTINCT:
        raise PasswordTooWeak(rule="not a well-known word, your own name or one key repeated")
