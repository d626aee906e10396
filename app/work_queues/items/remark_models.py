"""What people add to a task or an alert: words, and links to things elsewhere."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.orm import Model


class Comment(Model):
    __tablename__ = "work_item_comments"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("work_items.id"))
    text: Mapped[str]
    written_by: Mapped[UUID]
    written_at: Mapped[datetime]


class Link(Model):
    __tablename__ = "work_item_links"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("work_items.id"))
    url: Mapped[str]
    label: Mapped[str]
    added_by: Mapped[UUID]
    added_at: Mapped[datetime]
