"""Keeping accounts: what an administrator does from the command line."""

from collections.abc import Collection, Sequence
from uuid import UUID

from app import audit
from app.identity import passwords, repository
from app.identity.errors import AccountUnfit, UsernameTaken, UserNotFound
from app.identity.models import User
from app.identity.service import forgive, name_digest
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.kernel.errors import Forbidden

MIN_USERNAME, MAX_USERNAME = 2, 100
MAX_FULL_NAME = 200


class NotAnAdministrator(Forbidden):
    """Only an administrator may keep accounts."""


def require_administrator(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(Role.ADMIN, Role.SYSTEM):
        raise NotAnAdministrator


async def add_user(
    uow: UnitOfWork,
    *,
    username: str,
    full_name: str,
    role: Role,
    password: str,
    email: str | None = None,
    specialty: str | None = None,
) -> User:
    """Create an account. Raises `AccountUnfit`, `UsernameTaken`, `PasswordTooWeak`."""
    require_administrator(uow)
    username, full_name = username.strip().lower(), full_name.strip()
    require_fit(username, full_name, role)
    passwords.check_strength(password, username=username)
    if await repository.is_taken(uow, username, email):
        raise UsernameTaken
    user = User(
        username=username,
        full_name=full_name,
        role=role,
        email=email,
        specialty=specialty,
        password_hash=await passwords.hash_password(password),
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.db.add(user)
    await uow.db.flush()
    await audit.record(uow, "user.add", subject=("user", user.id), detail={"role": role})
    return user


def require_fit(username: str, full_name: str, role: Role) -> None:
    if not MIN_USERNAME <= len(username) <= MAX_USERNAME:
        raise AccountUnfit(field="username")
    if not 1 <= len(full_name) <= MAX_FULL_NAME:
        raise AccountUnfit(field="full_name")
    if role is Role.SYSTEM:
        raise AccountUnfit(field="role")


async def lock_user(uow: UnitOfWork, username: str) -> User:
    """Lock an account until it is unlocked; all its sessions end at once."""
    require_administrator(uow)
    user = await named(uow, username)
    user.lock()
    ended = await repository.revoke(uow, user.id)
    await audit.record(
        uow, "user.lock", subject=("user", user.id), detail={"sessions_ended": ended}
    )
    return user


async def unlock_user(uow: UnitOfWork, username: str) -> User:
    require_administrator(uow)
    user = await named(uow, username)
    user.unlock()
    await audit.record(uow, "user.unlock", subject=("user", user.id))
    return user


async def reset_password(uow: UnitOfWork, username: str, password: str) -> User:
    """Set a new password for somebody; all their sessions end, and they need not wait."""
    require_administrator(uow)
    user = await named(uow, username)
    passwords.check_strength(password, username=user.username)
    user.password_hash = await passwords.hash_password(password)
    forgive(await repository.login_delay(uow, name_digest(user.username)))
    await repository.revoke(uow, user.id)
    await audit.record(uow, "password.reset", subject=("user", user.id))
    return user


async def named(uow: UnitOfWork, username: str) -> User:
    user = await repository.user_by_username(uow, username)
    if user is None:
        raise UserNotFound
    return user


async def list_users(uow: UnitOfWork) -> Sequence[User]:
    require_administrator(uow)
    await audit.record(uow, "user.list")
    return await repository.all_users(uow)


async def get_user(uow: UnitOfWork, user_id: UUID) -> User:
    return await repository.user_by_id(uow, user_id)


async def list_clinicians(uow: UnitOfWork) -> Sequence[User]:
    """Doctors and nurses with an active account, by name within each."""
    doctors = await repository.users_with_role(uow, Role.DOCTOR)
    return [*doctors, *await repository.users_with_role(uow, Role.NURSE)]


async def list_practitioners(uow: UnitOfWork) -> Sequence[User]:
    """Doctors with an active account, by name."""
    return await repository.users_with_role(uow, Role.DOCTOR)


async def names_of(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, str]:
    return await repository.names(uow, ids)
