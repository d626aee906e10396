"""Facts leave in the same transaction as the change that made them true."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Identity, Text, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
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


# One trip to the database for the fact and for who is to hear of it.
PUBLISH = text(
    "with fact as (insert into outbox (id, name, payload, actor_id, occurred_at)"
    " values (gen_random_uuid(), :name, cast(cast(:payload as text) as jsonb), :actor_id,"
    " :occurred_at) returning seq),"
    " waiting as (insert into outbox_deliveries (seq, subscriber)"
    " select fact.seq, listener from fact, unnest(:listeners) as listener)"
    " select seq from fact"
).bindparams(
    bindparam("actor_id", type_=Uuid),
    bindparam("listeners", type_=ARRAY(Text)),
)
