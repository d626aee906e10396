"""Private addresses under which a calendar program reads a doctor's appointments."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.orm import Model


class CalendarFeed(Model):
    __tablename__ = "calendar_feeds"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    label: Mapped[str]
    token_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]
    last_read_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    def revoke(self, *, at: datetime) -> None:
        """The address stops answering; asking again changes nothing."""
        self.revoked_at = self.revoked_at or at
