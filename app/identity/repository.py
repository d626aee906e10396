"""Every statement that touches users, sessions and login delays."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import CollectionAggregate, Uuid, any_, bindparam, func, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from app.identity.errors import UserNotFound
from app.identity.lifecycle import UserStatus
from app.identity.models import LoginDelay, Session, User
from app.infra.prepared import Look
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role


class LiveSession(NamedTuple):
    """Who is behind a token, and since when."""

    id: UUID
    csrf_token: str
    authenticated_at: datetime
    last_seen_at: datetime
    user_id: UUID
    full_name: str
    role: Role


SESSIONS, USERS = Session.__table__.c, User.__table__.c

LIVE_SESSION = Look(  # every request asks this first
    select(
        SESSIONS.id,
        SESSIONS.csrf_token,
        SESSIONS.authenticated_at,
        SESSIONS.last_seen_at,
        SESSIONS.user_id,
        USERS.full_name,
        USERS.role,
    )
    .join_from(Session.__table__, User.__table__, USERS.id == SESSIONS.user_id)
    .where(
        SESSIONS.token_sha256 == bindparam("token_sha256"),
        SESSIONS.revoked_at.is_(None),
        SESSIONS.expires_at > bindparam("now"),
        SESSIONS.last_seen_at > bindparam("idle_since"),
        USERS.status == UserStatus.ACTIVE,
    ),
    LiveSession._make,
)


async def user_by_id(uow: UnitOfWork, user_id: UUID) -> User:
    user = await uow.db.get(User, user_id)
    if user is None:
        raise UserNotFound(user_id=user_id)
    return user


async def user_by_username(uow: UnitOfWork, username: str) -> User | None:
    statement = select(User).where(User.username == username.lower())
    return (await uow.db.execute(statement)).scalar_one_or_none()


async def all_users(uow: UnitOfWork) -> Sequence[User]:
    return (await uow.db.scalars(select(User).order_by(User.role, User.full_name))).all()


async def users_with_role(uow: UnitOfWork, role: Role) -> Sequence[User]:
    statement = (
        select(User)
        .where(User.role == role, User.status == UserStatus.ACTIVE)
        .order_by(User.full_name)
    )
    return (await uow.db.scalars(statement)).all()


async def names(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, str]:
    rows = await uow.db.execute(select(User.id, User.full_name).where(User.id.in_(ids)))
    return {row.id: row.full_name for row in rows}


async def is_taken(uow: UnitOfWork, username: str, email: str | None) -> bool:
    same = User.username == username
    if email:
        same = same | (func.lower(User.email) == email.lower())
    return (await uow.db.execute(select(User.id).where(same).limit(1))).first() is not None


async def login_delay(uow: UnitOfWork, username_sha256: bytes) -> LoginDelay:
    """The delay of one name, made if need be, locked so that guesses queue up."""
    await uow.db.execute(
        insert(LoginDelay)
        .values(username_sha256=username_sha256, failures=0, last_failure_at=uow.now)
        .on_conflict_do_nothing()
    )
    statement = (
        select(LoginDelay).where(LoginDelay.username_sha256 == username_sha256).with_for_update()
    )
    return (await uow.db.execute(statement)).scalar_one()


async def live_session(
    uow: UnitOfWork, token_sha256: bytes, *, idle_since: datetime
) -> LiveSession | None:
    asked = {"token_sha256": token_sha256, "now": uow.now, "idle_since": idle_since}
    return await uow.line.ask_one(LIVE_SESSION, asked)


def among(ids: Collection[UUID]) -> CollectionAggregate[bool]:
    """As one array, so that the statement is the same however many there are."""
    return any_(literal(list(ids), ARRAY(Uuid)))


async def live_among(
    uow: UnitOfWork, session_ids: Collection[UUID], *, idle_since: datetime
) -> set[UUID]:
    statement = (
        select(Session.id)
        .join(User, User.id == Session.user_id)
        .where(
            Session.id == among(session_ids),
            Session.revoked_at.is_(None),
            Session.expires_at > uow.now,
            Session.last_seen_at > idle_since,
            User.status == UserStatus.ACTIVE,
        )
    )
    return set(await uow.db.scalars(statement))


async def touch_all(
    uow: UnitOfWork, session_ids: Collection[UUID], *, unseen_since: datetime
) -> None:
    """Those of these sessions that were not seen for a while were seen just now."""
    seen = (
        update(Session)
        .where(Session.id == among(session_ids), Session.last_seen_at < unseen_since)
        .values(last_seen_at=uow.now)
        .execution_options(synchronize_session=False)
    )
    await uow.db.execute(seen)


async def touch(uow: UnitOfWork, session_id: UUID) -> None:
    """The session was seen just now."""
    seen = update(Session).where(Session.id == session_id).values(last_seen_at=uow.now)
    await uow.db.execute(seen)


async def sessions_of(uow: UnitOfWork, user_id: UUID, *, idle_since: datetime) -> Sequence[Session]:
    statement = (
        select(Session)
        .where(
            Session.user_id == user_id,
            Session.revoked_at.is_(None),
            Session.expires_at > uow.now,
            Session.last_seen_at > idle_since,
        )
        .order_by(Session.created_at.desc())
        .limit(100)
    )
    return (await uow.db.scalars(statement)).all()


async def revoke(
    uow: UnitOfWork, user_id: UUID, *, only: UUID | None = None, but: UUID | None = None
) -> int:
    """Revoke a user's sessions: all, one, or all but one. Returns how many were open."""
    statement = (
        update(Session)
        .where(Session.user_id == user_id, Session.revoked_at.is_(None))
        .values(revoked_at=uow.now)
        .returning(Session.id)
    )
    if only is not None:
        statement = statement.where(Session.id == only)
    if but is not None:
        statement = statement.where(Session.id != but)
    return len((await uow.db.execute(statement)).all())
