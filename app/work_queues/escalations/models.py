"""The steps of each climb, and who was told."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.orm import Model
from app.work_queues.ladders import Channel, Target


class EscalationStatus(StrEnum):
    PLANNED = "planned"
    FIRED = "fired"
    VOIDED = "voided"


class Escalation(Model):
    """One step of one climb; `told`: how many people, once it has fired."""

    __tablename__ = "escalations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("work_items.id"))
    cycle: Mapped[int]
    position: Mapped[int]
    status: Mapped[EscalationStatus]
    due_at: Mapped[datetime]
    target: Mapped[Target]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    pool_id: Mapped[UUID | None] = mapped_column(ForeignKey("pools.id"))
    channel: Mapped[Channel]
    settled_at: Mapped[datetime | None]
    told: Mapped[int | None]


class Notice(Model):
    """Somebody was told of an escalation, perhaps in place of somebody who is away."""

    __tablename__ = "notices"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    escalation_id: Mapped[UUID] = mapped_column(ForeignKey("escalations.id"))
    item_id: Mapped[UUID] = mapped_column(ForeignKey("work_items.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    in_place_of: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    channel: Mapped[Channel]
    told_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]
