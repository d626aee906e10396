"""People who may sign in, and the sessions they have open."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.identity.lifecycle import USER, UserStatus
from app.identity.schemas import SessionKind
from app.infra.orm import Model
from app.kernel.actors import Actor, Role


class User(Model):
    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    username: Mapped[str]
    full_name: Mapped[str]
    email: Mapped[str | None]
    role: Mapped[Role]
    specialty: Mapped[str | None]
    status: Mapped[UserStatus] = mapped_column(default=UserStatus.ACTIVE)
    password_hash: Mapped[str]
    last_login_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def lock(self) -> None:
        self.status = USER.check(self.status, UserStatus.LOCKED)

    def unlock(self) -> None:
        self.status = USER.check(self.status, UserStatus.ACTIVE)

    def as_actor(self, authenticated_at: datetime) -> Actor:
        return Actor(
            id=self.id,
            name=self.full_name,
            roles=frozenset({self.role}),
            authenticated_at=authenticated_at,
        )


class Session(Model):
    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    token_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[SessionKind]
    csrf_token: Mapped[str]
    created_at: Mapped[datetime]
    authenticated_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    address: Mapped[str | None]
    user_agent: Mapped[str | None]


class LoginDelay(Model):
    """Wrong passwords for one name, whether or not anybody bears it."""

    __tablename__ = "login_delays"

    username_sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    delayed_until: Mapped[datetime | None]
    last_failure_at: Mapped[datetime]
