"""Orders, what they ask for, and what may be ordered."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Identity, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.clinical.orders.errors import OrderProposalAnswered
from app.clinical.orders.lifecycle import (
    ORDER_ITEM,
    ORDER_PROPOSAL,
    OrderItemStatus,
    OrderProposalStatus,
)
from app.clinical.orders.schemas import OrderCertainty, OrderKind, OrderPriority
from app.infra.orm import Model

GONE = frozenset({OrderItemStatus.REVOKED, OrderItemStatus.ENTERED_IN_ERROR})


class Orderable(Model):
    """Something that may be ordered here; hints are for whoever prepares the patient."""

    __tablename__ = "orderables"

    key: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[OrderKind]
    name: Mapped[str]
    synonyms: Mapped[list[str]] = mapped_column(ARRAY(Text))
    loinc: Mapped[str | None]
    specimen: Mapped[str | None]
    fasting_hours: Mapped[int | None]
    repeat_days: Mapped[int | None]
    source: Mapped[str]
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]


class Order(Model):
    """What one person ordered for one patient at one time."""

    __tablename__ = "orders"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    encounter_id: Mapped[UUID | None] = mapped_column(ForeignKey("encounters.id"))
    orderer_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    priority: Mapped[OrderPriority]
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    placed_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]


class OrderItem(Model):
    """One thing ordered. `orderable_key` is None for what the catalogue does not know."""

    __tablename__ = "order_items"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    position: Mapped[int]
    orderable_key: Mapped[str | None] = mapped_column(ForeignKey("orderables.key"))
    kind: Mapped[OrderKind]
    name: Mapped[str]
    reason: Mapped[str | None]
    instructions: Mapped[str | None]
    status: Mapped[OrderItemStatus]
    status_at: Mapped[datetime]
    specimen: Mapped[str | None]
    fasting_hours: Mapped[int | None]
    wanted_on: Mapped[date | None]
    duplicate_of: Mapped[UUID | None] = mapped_column(ForeignKey("order_items.id"))
    duplicate_reason: Mapped[str | None]
    activated_at: Mapped[datetime | None]
    collected_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    collected_at: Mapped[datetime | None]

    @property
    def waits_for_specimen(self) -> bool:
        """Whether somebody in the clinic has to take something from the patient for it."""
        is_open = self.status is OrderItemStatus.ACTIVE
        return is_open and self.specimen is not None and self.collected_at is None

    @property
    def is_removed(self) -> bool:
        """Taken off its draft before anybody was asked to do it."""
        return self.activated_at is None and self.status in GONE

    def move_to(
        self, target: OrderItemStatus, *, by: UUID, at: datetime, reason: str | None = None
    ) -> "OrderItemMove":
        """Move under a lock of the order; returns the history row to be stored with it."""
        before = self.status
        self.status = ORDER_ITEM.check(before, target)
        self.status_at = at
        return OrderItemMove(
            item_id=self.id,
            from_status=before,
            to_status=target,
            reason=reason,
            moved_by=by,
            moved_at=at,
        )


class OrderItemMove(Model):
    """One change of state, for the record."""

    __tablename__ = "order_item_moves"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("order_items.id"))
    from_status: Mapped[OrderItemStatus | None]
    to_status: Mapped[OrderItemStatus]
    reason: Mapped[str | None]
    moved_by: Mapped[UUID]
    moved_at: Mapped[datetime]


class OrderSet(Model):
    """What is often ordered together; without an owner the clinic's."""

    __tablename__ = "order_sets"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    source: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class OrderSetItem(Model):
    """What a version of a set holds; nothing in it changes."""

    __tablename__ = "order_set_items"

    set_id: Mapped[UUID] = mapped_column(ForeignKey("order_sets.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    orderable_key: Mapped[str] = mapped_column(ForeignKey("orderables.key"))
    ticked: Mapped[bool]


class OrderProposal(Model):
    """What a sentence of a note says is to be ordered; a doctor takes it or does not."""

    __tablename__ = "order_proposals"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    encounter_id: Mapped[UUID] = mapped_column(ForeignKey("encounters.id"))
    note_id: Mapped[UUID] = mapped_column(ForeignKey("notes.id"))
    sentence_id: Mapped[str]
    section: Mapped[str]
    quote: Mapped[str]
    orderable_key: Mapped[str] = mapped_column(ForeignKey("orderables.key"))
    certainty: Mapped[OrderCertainty]
    detail: Mapped[str | None]
    wanted_on: Mapped[date | None]
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    lexicon_version: Mapped[str]
    status: Mapped[OrderProposalStatus]
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey("order_items.id"))
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def waits(self) -> bool:
        return self.status is OrderProposalStatus.PROPOSED

    def answer(
        self, target: OrderProposalStatus, *, by: UUID, at: datetime, item_id: UUID | None = None
    ) -> "OrderProposalMove":
        """Answer it, under a lock of its row; raises `OrderProposalAnswered`."""
        if not self.waits:
            raise OrderProposalAnswered(proposal_id=self.id, current=self.status)
        self.item_id, self.answered_by, self.answered_at = item_id, by, at
        return self.move_to(target, by=by, at=at)

    def move_to(
        self, target: OrderProposalStatus, *, by: UUID, at: datetime
    ) -> "OrderProposalMove":
        """Move under a row lock; returns the history row to be stored with it."""
        before = self.status
        self.status = ORDER_PROPOSAL.check(before, target)
        self.updated_at = at
        return self.moved(before, by=by, at=at)

    def moved(
        self, before: OrderProposalStatus | None, *, by: UUID, at: datetime
    ) -> "OrderProposalMove":
        return OrderProposalMove(
            proposal_id=self.id,
            from_status=before,
            to_status=self.status,
            moved_by=by,
            moved_at=at,
        )


class OrderProposalMove(Model):
    """One change of state of a proposal, for the record."""

    __tablename__ = "order_proposal_moves"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("order_proposals.id"))
    from_status: Mapped[OrderProposalStatus | None]
    to_status: Mapped[OrderProposalStatus]
    moved_by: Mapped[UUID]
    moved_at: Mapped[datetime]
