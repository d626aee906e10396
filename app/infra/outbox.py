"""Facts leave in the same transaction as the change that made them true."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.orm import Model


class OutboxRow(Model):
    __tablename__ = "outbox"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    name: Mapped[str]
    payload: Mapped[dict[str, Any]]
    actor_id: Mapped[UUID]
    occurred_at: Mapped[datetime]


class Delivery(Model):
    """One subscriber's progress with one fact."""

    __tablename__ = "outbox_deliveries"

    seq: Mapped[int] = mapped_column(BigInteger, ForeignKey("outbox.seq"), primary_key=True)
    subscriber: Mapped[str] = mapped_column(primary_key=True)
    done_at: Mapped[datetime | None]
