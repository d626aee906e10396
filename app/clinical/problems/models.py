"""Releases of ICD-10-CM with their codes, problems, suggestions, and how the latter two moved."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Computed, ForeignKey, Identity, Text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.clinical.problems.errors import ProblemEnteredInError, ProblemStale, SuggestionAnswered
from app.clinical.problems.lifecycle import (
    PROBLEM_COURSE,
    PROBLEM_SUGGESTION,
    PROBLEM_VERIFICATION,
    ClinicalStatus,
    SuggestionStatus,
    VerificationStatus,
)
from app.clinical.problems.schemas import Precision, Severity
from app.clinical.problems.suggestion_schemas import Certainty
from app.infra.orm import Model

ON_THE_LIST = frozenset({ClinicalStatus.ACTIVE, ClinicalStatus.RECURRENCE})
NOT_SO = frozenset({VerificationStatus.REFUTED, VerificationStatus.ENTERED_IN_ERROR})


class Icd10Release(Model):
    """Codes are searched in the one that nothing has superseded."""

    __tablename__ = "icd10_releases"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str]
    published_on: Mapped[date]
    source: Mapped[str]
    sha256: Mapped[str] = mapped_column(unique=True)
    code_count: Mapped[int]
    loaded_by: Mapped[UUID]
    loaded_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]


class Icd10Code(Model):
    __tablename__ = "icd10_codes"

    release_id: Mapped[UUID] = mapped_column(ForeignKey("icd10_releases.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    bare: Mapped[str]
    description: Mapped[str]
    billable: Mapped[bool]
    parent: Mapped[str | None]
    chapter: Mapped[int]
    inclusion_terms: Mapped[list[str]] = mapped_column(ARRAY(Text))
    weight: Mapped[int]
    title_words: Mapped[list[str]] = mapped_column(ARRAY(Text))
    words: Mapped[list[str]] = mapped_column(ARRAY(Text), deferred=True)
    phrases: Mapped[list[str]] = mapped_column(ARRAY(Text), deferred=True)
    terms: Mapped[str] = mapped_column(
        TSVECTOR, Computed("array_to_tsvector(words)", persisted=True), deferred=True
    )


class Problem(Model):
    __tablename__ = "problems"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    encounter_id: Mapped[UUID | None] = mapped_column(ForeignKey("encounters.id"))
    code: Mapped[str | None]
    release_id: Mapped[UUID | None] = mapped_column(ForeignKey("icd10_releases.id"))
    description: Mapped[str]
    clinical_status: Mapped[ClinicalStatus]
    verification_status: Mapped[VerificationStatus]
    onset_on: Mapped[date | None]
    onset_precision: Mapped[Precision | None]
    abated_on: Mapped[date | None]
    severity: Mapped[Severity | None]
    note: Mapped[str | None]
    written_as: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def counts_now(self) -> bool:
        """Somebody has it, as far as is known."""
        return self.clinical_status in ON_THE_LIST and self.verification_status not in NOT_SO

    def require_changeable(self) -> None:
        if self.verification_status is VerificationStatus.ENTERED_IN_ERROR:
            raise ProblemEnteredInError(problem_id=self.id)

    def change(self, details: dict[str, object], *, version: int, at: datetime) -> None:
        """Change exactly the version the person read, under a row lock."""
        self.require_changeable()
        if version != self.version:
            raise ProblemStale(
                problem_id=self.id, expected_version=version, current_version=self.version
            )
        for name, value in details.items():
            setattr(self, name, value)
        self._touched(at)

    def go(
        self,
        target: ClinicalStatus,
        *,
        by: UUID,
        at: datetime,
        reason: str | None,
        abated_on: date | None = None,
    ) -> "ProblemMove":
        """It takes another course; returns the history row that has to be stored with it."""
        self.require_changeable()
        before = self.clinical_status
        self.clinical_status = PROBLEM_COURSE.check(before, target)
        self.abated_on = abated_on
        self._touched(at)
        return self.moved(before, self.verification_status, by=by, at=at, reason=reason)

    def verify(
        self, target: VerificationStatus, *, by: UUID, at: datetime, reason: str | None
    ) -> "ProblemMove":
        """It is surer or less sure; returns the history row that has to be stored with it."""
        self.require_changeable()
        before = self.verification_status
        self.verification_status = PROBLEM_VERIFICATION.check(before, target)
        self._touched(at)
        return self.moved(self.clinical_status, before, by=by, at=at, reason=reason)

    def begun(self) -> "ProblemMove":
        return self.moved(None, None, by=self.recorded_by, at=self.recorded_at, reason=None)

    def moved(
        self,
        clinical: ClinicalStatus | None,
        verification: VerificationStatus | None,
        *,
        by: UUID,
        at: datetime,
        reason: str | None,
    ) -> "ProblemMove":
        return ProblemMove(
            problem_id=self.id,
            from_clinical=clinical,
            to_clinical=self.clinical_status,
            from_verification=verification,
            to_verification=self.verification_status,
            reason=reason,
            moved_by=by,
            moved_at=at,
        )

    def _touched(self, at: datetime) -> None:
        self.version += 1
        self.updated_at = at


class ProblemMove(Model):
    """One change of either state, for the record."""

    __tablename__ = "problem_moves"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    problem_id: Mapped[UUID] = mapped_column(ForeignKey("problems.id"))
    from_clinical: Mapped[ClinicalStatus | None]
    to_clinical: Mapped[ClinicalStatus]
    from_verification: Mapped[VerificationStatus | None]
    to_verification: Mapped[VerificationStatus]
    reason: Mapped[str | None]
    moved_by: Mapped[UUID]
    moved_at: Mapped[datetime]


class ProblemSuggestion(Model):
    __tablename__ = "problem_suggestions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    encounter_id: Mapped[UUID] = mapped_column(ForeignKey("encounters.id"))
    note_id: Mapped[UUID] = mapped_column(ForeignKey("notes.id"))
    section: Mapped[str]
    sentence_id: Mapped[str]
    quote: Mapped[str]
    found: Mapped[str]
    code: Mapped[str]
    release_id: Mapped[UUID] = mapped_column(ForeignKey("icd10_releases.id"))
    description: Mapped[str]
    certainty: Mapped[Certainty]
    status: Mapped[SuggestionStatus]
    problem_id: Mapped[UUID | None] = mapped_column(ForeignKey("problems.id"))
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def waits(self) -> bool:
        return self.status is SuggestionStatus.SUGGESTED

    def answer(
        self, target: SuggestionStatus, *, by: UUID, at: datetime, problem_id: UUID | None = None
    ) -> "ProblemSuggestionMove":
        """Answer it, under a lock of its row; raises `SuggestionAnswered`."""
        self.require_waiting()
        move = self.move(target, by=by, at=at)
        self.problem_id, self.answered_by, self.answered_at = problem_id, by, at
        return move

    def require_waiting(self) -> None:
        if not self.waits:
            raise SuggestionAnswered(suggestion_id=self.id, current=self.status)

    def move(self, target: SuggestionStatus, *, by: UUID, at: datetime) -> "ProblemSuggestionMove":
        """Move under a row lock; returns the history row that has to be stored with it."""
        before = self.status
        self.status = PROBLEM_SUGGESTION.check(before, target)
        self.updated_at = at
        return self.moved(before, by=by, at=at)

    def moved(
        self, before: SuggestionStatus | None, *, by: UUID, at: datetime
    ) -> "ProblemSuggestionMove":
        return ProblemSuggestionMove(
            suggestion_id=self.id,
            from_status=before,
            to_status=self.status,
            moved_by=by,
            moved_at=at,
        )


class ProblemSuggestionMove(Model):
    """One change of state, for the record."""

    __tablename__ = "problem_suggestion_moves"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    suggestion_id: Mapped[UUID] = mapped_column(ForeignKey("problem_suggestions.id"))
    from_status: Mapped[SuggestionStatus | None]
    to_status: Mapped[SuggestionStatus]
    moved_by: Mapped[UUID]
    moved_at: Mapped[datetime]
