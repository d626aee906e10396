"""Prescriptions, their medicines, what checks found, and how that was answered."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Identity, Numeric
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.clinical.formulary import CheckKind, Outcome, Severity
from app.clinical.prescriptions.errors import AlreadyIssued, PrescriptionChanged
from app.clinical.prescriptions.lifecycle import PRESCRIPTION_ITEM, ItemStatus
from app.clinical.prescriptions.schemas import ItemContent
from app.clinical.prescriptions.sig import Sig, sig_text
from app.infra.orm import Model

CONTENT = tuple(ItemContent.model_fields)


class Prescription(Model):
    """What one doctor prescribed for one patient at one time; a draft until it is issued."""

    __tablename__ = "prescriptions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    encounter_id: Mapped[UUID | None] = mapped_column(ForeignKey("encounters.id"))
    note_id: Mapped[UUID | None] = mapped_column(ForeignKey("notes.id"))
    prescriber_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(default=1)
    signer_name: Mapped[str | None]
    content_sha256: Mapped[str | None]
    created_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]

    @property
    def is_draft(self) -> bool:
        return self.issued_at is None

    def require_draft(self) -> None:
        if not self.is_draft:
            raise AlreadyIssued(prescription_id=self.id)

    def changed(self, *, seen: int, at: datetime) -> None:
        """Count one change of exactly the version that was seen, under a lock."""
        self.require_draft()
        self.require_version(seen)
        self.version += 1
        self.updated_at = at

    def require_version(self, seen: int) -> None:
        if self.version != seen:
            raise PrescriptionChanged(
                prescription_id=self.id, expected_version=seen, current_version=self.version
            )

    def issue(self, *, by: str, at: datetime, content_sha256: str) -> None:
        self.require_draft()
        self.version += 1
        self.signer_name, self.content_sha256 = by, content_sha256
        self.issued_at = self.updated_at = at


class PrescriptionItem(Model):
    """FHIR's MedicationRequest: one medicine, which lives and ends by itself."""

    __tablename__ = "prescription_items"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    prescription_id: Mapped[UUID] = mapped_column(ForeignKey("prescriptions.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    position: Mapped[int]
    drug_key: Mapped[str | None]
    name: Mapped[str]
    strength: Mapped[str | None]
    form: Mapped[str | None]
    sig: Mapped[dict[str, Any]]
    sig_text: Mapped[str]
    quantity: Mapped[Decimal | None] = mapped_column(Numeric(9, 3))
    quantity_unit: Mapped[str | None]
    refills: Mapped[int]
    reason: Mapped[str | None]
    continues: Mapped[str | None]
    renews_id: Mapped[UUID | None] = mapped_column(ForeignKey("prescription_items.id"))
    version: Mapped[int] = mapped_column(default=1)
    status: Mapped[ItemStatus]
    status_at: Mapped[datetime]

    @property
    def content(self) -> ItemContent:
        said = {name: getattr(self, name) for name in CONTENT}
        return ItemContent(**said | {"sig": Sig.model_validate(self.sig)})

    def put(self, content: ItemContent) -> None:
        """Prescribe this; the sentence is made from the structure."""
        for name in CONTENT:
            setattr(self, name, getattr(content, name))
        self.sig = content.sig.model_dump(mode="json")
        self.sig_text = sig_text(content.sig)

    def move_to(
        self, target: ItemStatus, *, by: UUID, at: datetime, reason: str | None = None
    ) -> "PrescriptionItemMove":
        """Move under a row lock; returns the history row to be stored with it."""
        before = self.status
        self.status = PRESCRIPTION_ITEM.check(before, target)
        self.status_at = at
        return self.moved(before, by=by, at=at, reason=reason)

    def moved(
        self, before: ItemStatus | None, *, by: UUID, at: datetime, reason: str | None = None
    ) -> "PrescriptionItemMove":
        return PrescriptionItemMove(
            item_id=self.id,
            from_status=before,
            to_status=self.status,
            reason=reason,
            moved_by=by,
            moved_at=at,
        )


class PrescriptionItemMove(Model):
    """One change of state, for the record."""

    __tablename__ = "prescription_item_moves"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("prescription_items.id"))
    from_status: Mapped[ItemStatus | None]
    to_status: Mapped[ItemStatus]
    reason: Mapped[str | None]
    moved_by: Mapped[UUID]
    moved_at: Mapped[datetime]


class PrescriptionCheck(Model):
    """One look at one version of a medicine with one release of the formulary, never changed."""

    __tablename__ = "prescription_checks"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("prescription_items.id"))
    item_version: Mapped[int]
    release: Mapped[str | None]
    facts_sha256: Mapped[str]
    checked_by: Mapped[UUID]
    checked_at: Mapped[datetime]


class PrescriptionFinding(Model):
    """What a check came to. The same finding has the same `finding_id` at every check."""

    __tablename__ = "prescription_findings"

    check_seq: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("prescription_checks.seq"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[UUID]
    kind: Mapped[CheckKind]
    outcome: Mapped[Outcome]
    severity: Mapped[Severity | None]
    because: Mapped[str]
    about: Mapped[str | None]
    rule: Mapped[str | None]
    source: Mapped[str | None]
    as_of: Mapped[date | None]


class PrescriptionAnswer(Model):
    """Why a warning was overridden; without a reason: known not to have been checked."""

    __tablename__ = "prescription_answers"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("prescription_items.id"))
    finding_id: Mapped[UUID]
    reason: Mapped[str | None]
    answered_by: Mapped[UUID]
    answered_at: Mapped[datetime]


class PrescriptionFavourite(Model):
    """A medicine one doctor keeps with how it is taken."""

    __tablename__ = "prescription_favourites"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    content_sha256: Mapped[str]
    created_at: Mapped[datetime]


class Reconciliation(Model):
    """Somebody went through the medication with the patient; never changed."""

    __tablename__ = "reconciliations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    encounter_id: Mapped[UUID | None] = mapped_column(ForeignKey("encounters.id"))
    author_name: Mapped[str]
    made_by: Mapped[UUID]
    made_at: Mapped[datetime]


class ReconciliationLine(Model):
    """One medicine as it stood on the list, and what the patient says of it."""

    __tablename__ = "reconciliation_lines"

    reconciliation_id: Mapped[UUID] = mapped_column(
        ForeignKey("reconciliations.id"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey("prescription_items.id"))
    text: Mapped[str]
    decision: Mapped[str]
    remark: Mapped[str | None]
