"""Signing in, staying signed in, and proving it again."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from app import audit
from app.identity import passwords, repository
from app.identity.errors import (
    CredentialsWrong,
    LoginDelayed,
    PasswordWrong,
    SessionNotFound,
)
from app.identity.lifecycle import UserStatus
from app.identity.models import LoginDelay, Session, User
from app.identity.schemas import SessionKind
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor, Caller, Origin

DOORKEEPER = Actor.system("doorkeeper")

IDLE_LIMIT = timedelta(minutes=30)
ABSOLUTE_LIMIT = timedelta(hours=12)
FRESH_FOR = timedelta(minutes=5)
SEEN_EVERY = timedelta(seconds=30)

FREE_FAILURES = 5
LONGEST_DELAY = timedelta(minutes=15)
FORGIVEN_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class SignedIn:
    token: str
    session: Session
    user: User


async def sign_in(
    works: Works,
    username: str,
    password: str,
    *,
    kind: SessionKind,
    origin: Origin,
    user_agent: str | None = None,
) -> SignedIn:
    """Check a password and open a session.

    Takes `Works`, for a refused login must still be counted. Raises `CredentialsWrong`
    alike for unknown, locked and wrong, and `LoginDelayed` while the name has to wait.
    """
    async with works.begin(DOORKEEPER, origin=origin) as uow:
        delay = await repository.login_delay(uow, name_digest(username))
        check_delay(delay, uow.now)
        user = await repository.user_by_username(uow, username)
        right = await passwords.matches(password, user.password_hash if user else None)
        if user is not None and right and user.status is UserStatus.ACTIVE:
            forgive(delay)
            return await open_session(uow, user, kind=kind, user_agent=user_agent)
        count_failure(delay, uow.now)
        await audit.record(
            uow,
            "session.open",
            outcome=audit.Outcome.REFUSED,
            subject=("user", user.id) if user else None,
        )
    raise CredentialsWrong


async def open_session(
    uow: UnitOfWork, user: User, *, kind: SessionKind, user_agent: str | None
) -> SignedIn:
    token = secrets.token_urlsafe(32)
    session = Session(
        user_id=user.id,
        token_sha256=digest(token),
        kind=kind,
        csrf_token=secrets.token_urlsafe(24),
        created_at=uow.now,
        authenticated_at=uow.now,
        last_seen_at=uow.now,
        expires_at=uow.now + ABSOLUTE_LIMIT,
        address=uow.origin.address,
        user_agent=(user_agent or "")[:200] or None,
    )
    uow.db.add(session)
    user.last_login_at = uow.now
    await uow.db.flush()
    await audit.record(uow, "session.open", subject=("user", user.id), detail={"kind": kind})
    return SignedIn(token=token, session=session, user=user)


async def authenticate(
    works: Works, token: str, *, via: Literal["bearer", "cookie"], origin: Origin
) -> Caller | None:
    """The caller behind a token, or None when it is unknown, expired, idle or revoked."""
    async with works.glance(DOORKEEPER, origin=origin) as uow:
        found = await repository.live_session(uow, digest(token), idle_since=uow.now - IDLE_LIMIT)
    if found is None:
        return None
    if uow.now - found.last_seen_at > SEEN_EVERY:
        async with works.begin(DOORKEEPER, origin=origin) as uow:
            await repository.touch(uow, found.id)
    return Caller(
        actor=Actor(
            id=found.user_id,
            name=found.full_name,
            roles=frozenset({found.role}),
            authenticated_at=found.authenticated_at,
        ),
        session_id=found.id,
        csrf_token=found.csrf_token,
        via=via,
    )


async def live_sessions(uow: UnitOfWork, session_ids: Collection[UUID]) -> set[UUID]:
    """Those of these sessions that are still signed in, asked at once."""
    return await repository.live_among(uow, session_ids, idle_since=uow.now - IDLE_LIMIT)


async def keep_alive(uow: UnitOfWork, session_ids: Collection[UUID]) -> None:
    """These sessions have a page open: for each of them, like a request of its own."""
    await repository.touch_all(uow, session_ids, unseen_since=uow.now - SEEN_EVERY)


async def sign_out(uow: UnitOfWork, session_id: UUID) -> None:
    """Close one of the actor's own sessions."""
    if not await repository.revoke(uow, uow.actor.id, only=session_id):
        raise SessionNotFound(session_id=session_id)
    await audit.record(uow, "session.close", subject=("session", session_id))


async def list_sessions(uow: UnitOfWork) -> list[Session]:
    """The actor's open sessions, newest first."""
    found = await repository.sessions_of(uow, uow.actor.id, idle_since=uow.now - IDLE_LIMIT)
    return list(found)


async def change_password(
    uow: UnitOfWork, *, current: str, new: str, session_id: UUID | None = None
) -> None:
    """Change the actor's own password; every other session of theirs ends."""
    await verify_password(uow, current)
    user = await repository.user_by_id(uow, uow.actor.id)
    passwords.check_strength(new, username=user.username)
    user.password_hash = await passwords.hash_password(new)
    ended = await repository.revoke(uow, user.id, but=session_id)
    await audit.record(
        uow, "password.change", subject=("user", user.id), detail={"sessions_ended": ended}
    )


async def verify_password(uow: UnitOfWork, password: str) -> None:
    """Prove again that the actor is the actor; a wrong guess counts like a failed login."""
    user = await repository.user_by_id(uow, uow.actor.id)
    async with uow.aside() as counting:
        delay = await repository.login_delay(counting, name_digest(user.username))
        check_delay(delay, uow.now)
        if await passwords.matches(password, user.password_hash):
            forgive(delay)
            return
        count_failure(delay, uow.now)
    raise PasswordWrong


def is_fresh(uow: UnitOfWork) -> bool:
    """Whether the actor proved their identity within the last few minutes."""
    proved = uow.actor.authenticated_at
    return proved is not None and uow.now - proved <= FRESH_FOR


def check_delay(delay: LoginDelay, now: datetime) -> None:
    if delay.delayed_until is not None and delay.delayed_until > now:
        waiting = (delay.delayed_until - now).total_seconds()
        raise LoginDelayed(retry_after_seconds=int(waiting) + 1)


def count_failure(delay: LoginDelay, now: datetime) -> None:
    """Five mistakes are free; then the wait doubles up to a quarter of an hour."""
    if now - delay.last_failure_at > FORGIVEN_AFTER:
        delay.failures = 0
    delay.failures += 1
    delay.last_failure_at = now
    if delay.failures >= FREE_FAILURES:
        doubled = timedelta(seconds=2 ** min(delay.failures - FREE_FAILURES + 1, 12))
        delay.delayed_until = now + min(doubled, LONGEST_DELAY)


def forgive(delay: LoginDelay) -> None:
    delay.failures, delay.delayed_until = 0, None


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def name_digest(username: str) -> bytes:
    return digest(username.strip().lower())
