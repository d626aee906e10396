"""Proposals to prescribe, and how they were answered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from app.clinical.prescriptions.errors import ProposalAnswered
from app.clinical.prescriptions.lifecycle import PRESCRIPTION_PROPOSAL, ProposalStatus
from app.clinical.prescriptions.proposal_schemas import ProposedAction
from app.infra.orm import Model


class PrescriptionProposal(Model):
    """`said`: the content it would become; what was not said is not there."""

    __tablename__ = "prescription_proposals"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    note_id: Mapped[UUID] = mapped_column(ForeignKey("notes.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    encounter_id: Mapped[UUID] = mapped_column(ForeignKey("encounters.id"))
    sentence_id: Mapped[str]
    position: Mapped[int]
    quote: Mapped[str]
    action: Mapped[ProposedAction]
    drug_key: Mapped[str | None]
    said: Mapped[dict[str, Any]]
    status: Mapped[ProposalStatus]
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey("prescription_items.id"))
    reason: Mapped[str | None]
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def waits(self) -> bool:
        return self.status is ProposalStatus.PROPOSED

    def answer(
        self, target: ProposalStatus, *, by: UUID, at: datetime, reason: str | None = None
    ) -> "PrescriptionProposalMove":
        """Answer it, under a lock of its row; raises `ProposalAnswered`."""
        self.require_waiting()
        move = self.move(target, by=by, at=at, reason=reason)
        self.reason, self.answered_by, self.answered_at = reason, by, at
        return move

    def require_waiting(self) -> None:
        if not self.waits:
            raise ProposalAnswered(proposal_id=self.id, current=self.status)

    def move(
        self, target: ProposalStatus, *, by: UUID, at: datetime, reason: str | None = None
    ) -> "PrescriptionProposalMove":
        """Move under a row lock; returns the history row that has to be stored with it."""
        before = self.status
        self.status = PRESCRIPTION_PROPOSAL.check(before, target)
        self.updated_at = at
        return PrescriptionProposalMove(
            proposal_id=self.id,
            from_status=before,
            to_status=target,
            reason=reason,
            moved_by=by,
            moved_at=at,
        )


class PrescriptionProposalMove(Model):
    """One change of state, for the record."""

    __tablename__ = "prescription_proposal_moves"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("prescription_proposals.id"))
    from_status: Mapped[ProposalStatus | None]
    to_status: Mapped[ProposalStatus]
    reason: Mapped[str | None]
    moved_by: Mapped[UUID]
    moved_at: Mapped[datetime]
