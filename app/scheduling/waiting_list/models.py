"""Who waits for what, the times they are offered, and how both moved."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Computed, ForeignKey, Identity, Integer
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.orm import Model
from app.scheduling.waiting_list.errors import EntryChanged, EntryClosed, OfferAnswered
from app.scheduling.waiting_list.lifecycle import (
    TIME_OFFER,
    WAITING_LIST_ENTRY,
    TimeOfferStatus,
    WaitingStatus,
)
from app.scheduling.waiting_list.matching import Wish
from app.scheduling.waiting_list.schemas import Urgency

OPEN = frozenset({WaitingStatus.WAITING, WaitingStatus.OFFERED})
# The database counts these; the drift test holds them against the migration.
WHOM = (
    "case when practitioner_id is not null then 'practitioner:' || practitioner_id::text"
    " when specialty is not null then 'specialty:' || lower(specialty) else 'anyone' end"
)
RANK = "case urgency when 'urgent' then 0 when 'soon' then 1 else 2 end"


class WaitingListEntry(Model):
    __tablename__ = "waiting_list_entries"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    status: Mapped[WaitingStatus]
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    visit_type_id: Mapped[UUID] = mapped_column(ForeignKey("visit_types.id"))
    practitioner_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    specialty: Mapped[str | None]
    whom: Mapped[str] = mapped_column(Computed(WHOM, persisted=True), deferred=True)
    urgency: Mapped[Urgency]
    urgency_rank: Mapped[int] = mapped_column(Computed(RANK, persisted=True), deferred=True)
    weekdays: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    from_minute: Mapped[int | None]
    until_minute: Mapped[int | None]
    not_before: Mapped[date | None]
    not_after: Mapped[date | None]
    note: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def wish(self) -> Wish:
        return Wish(
            practitioner_id=self.practitioner_id,
            specialty=self.specialty,
            weekdays=self.weekdays,
            from_minute=self.from_minute,
            until_minute=self.until_minute,
            not_before=self.not_before,
            not_after=self.not_after,
        )

    def require_open(self) -> None:
        """Raise `EntryClosed` when the patient waits no longer."""
        if not self.is_open:
            raise EntryClosed(entry_id=self.id)

    def change(self, changes: dict[str, Any], *, version: int, at: datetime) -> None:
        """Change exactly the version somebody read; raises `EntryClosed`, `EntryChanged`."""
        self.require_open()
        if version != self.version:
            raise EntryChanged(
                entry_id=self.id, expected_version=version, current_version=self.version
            )
        if changes:
            for name, value in changes.items():
                setattr(self, name, value)
            self.version, self.updated_at = self.version + 1, at

    def move(
        self, target: WaitingStatus, *, by: UUID, at: datetime, reason: str | None = None
    ) -> "WaitingListMove":
        """Move under a row lock; returns the history row that has to be stored with it."""
        before = self.status
        self.status = WAITING_LIST_ENTRY.check(before, target)
        self.version, self.updated_at = self.version + 1, at
        return WaitingListMove(
            entry_id=self.id,
            from_status=before,
            to_status=target,
            reason=reason,
            moved_by=by,
            moved_at=at,
        )


class TimeOffer(Model):
    """A freed time held for somebody who waits; the hold itself is an appointment."""

    __tablename__ = "waiting_list_offers"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("waiting_list_entries.id"))
    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointments.id"))
    status: Mapped[TimeOfferStatus]
    offered_by: Mapped[UUID]
    offered_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    def require_open(self) -> None:
        """Raise `OfferAnswered` when it was accepted or declined, or has expired."""
        if self.status is not TimeOfferStatus.OPEN:
            raise OfferAnswered(offer_id=self.id, current=self.status)

    def answer(self, target: TimeOfferStatus, *, at: datetime) -> None:
        """Close it, under a lock of its entry's row."""
        self.status = TIME_OFFER.check(self.status, target)
        self.answered_at = at


class WaitingListMove(Model):
    """One change of state of an entry."""

    __tablename__ = "waiting_list_moves"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("waiting_list_entries.id"))
    from_status: Mapped[WaitingStatus | None]
    to_status: Mapped[WaitingStatus]
    reason: Mapped[str | None]
    moved_by: Mapped[UUID]
    moved_at: Mapped[datetime]


class WaitingListRepointing(Model):
    """An entry that followed a merge of two patient records."""

    __tablename__ = "waiting_list_repointings"

    merge_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("waiting_list_entries.id"), primary_key=True)
    from_patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
