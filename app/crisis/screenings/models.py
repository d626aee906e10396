"""Instruments, screenings with their results, screenings that are due, and how both moved."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Identity
from sqlalchemy.orm import Mapped, mapped_column

from app.crisis.risk import RiskLevel
from app.crisis.screenings.definitions import Answers, Definition, Scoring
from app.crisis.screenings.errors import (
    DeferralUnfit,
    DemandAnswered,
    ScreeningChanged,
    ScreeningOver,
)
from app.crisis.screenings.instruments import Instrument
from app.crisis.screenings.lifecycle import (
    SCREENING,
    SCREENING_DEMAND,
    DemandStatus,
    ScreeningStatus,
)
from app.crisis.screenings.scoring import Result, result_of
from app.infra.orm import Model

LONGEST_DEFERRAL = timedelta(days=7)


class ScreeningInstrument(Model):
    """A version of an instrument; never changed, for results lean on it."""

    __tablename__ = "screening_instruments"

    key: Mapped[Instrument] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    source: Mapped[str]
    jurisdiction: Mapped[str | None]
    effective_from: Mapped[datetime]
    effective_to: Mapped[datetime | None]
    definition: Mapped[dict[str, Any]]
    scoring: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]

    @property
    def questions(self) -> Definition:
        return Definition.model_validate(self.definition)

    @property
    def rules(self) -> Scoring:
        return Scoring.model_validate(self.scoring)

    def result(self, answers: Answers) -> Result:
        return result_of(self.questions, self.rules, answers)


class Screening(Model):
    __tablename__ = "screenings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["instrument", "instrument_version"],
            ["screening_instruments.key", "screening_instruments.version"],
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    encounter_id: Mapped[UUID | None] = mapped_column(ForeignKey("encounters.id"))
    instrument: Mapped[Instrument]
    instrument_version: Mapped[int]
    status: Mapped[ScreeningStatus]
    answers: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str | None]
    started_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    started_at: Mapped[datetime]
    answered_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]

    @property
    def is_under_way(self) -> bool:
        return self.status is ScreeningStatus.IN_PROGRESS

    def require_version(self, version: int) -> None:
        """Raise `ScreeningOver`, or `ScreeningChanged` when somebody answered meanwhile."""
        if not self.is_under_way:
            raise ScreeningOver(screening_id=self.id)
        if version != self.version:
            raise ScreeningChanged(
                screening_id=self.id, expected_version=version, current_version=self.version
            )

    def answer(self, answers: Answers, *, by: UUID, at: datetime) -> None:
        self.answers, self.answered_by = dict(answers), by
        self.version, self.updated_at = self.version + 1, at

    def move(
        self, target: ScreeningStatus, *, by: UUID, at: datetime, reason: str | None = None
    ) -> "ScreeningMove":
        """Move under a row lock; returns the history row that has to be stored with it."""
        before = self.status
        self.status = SCREENING.check(before, target)
        if before is ScreeningStatus.IN_PROGRESS:
            self.ended_by, self.ended_at = by, at
        if reason is not None:
            self.reason = reason
        self.version, self.updated_at = self.version + 1, at
        return ScreeningMove(
            screening_id=self.id,
            from_status=before,
            to_status=target,
            reason=reason,
            moved_by=by,
            moved_at=at,
        )


class ScreeningMove(Model):
    """One change of state of a screening."""

    __tablename__ = "screening_moves"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    screening_id: Mapped[UUID] = mapped_column(ForeignKey("screenings.id"))
    from_status: Mapped[ScreeningStatus | None]
    to_status: Mapped[ScreeningStatus]
    reason: Mapped[str | None]
    moved_by: Mapped[UUID]
    moved_at: Mapped[datetime]


class ScreeningResult(Model):
    """What a screening said, with the answers and the version of the rules that decided."""

    __tablename__ = "screening_results"
    __table_args__ = (
        ForeignKeyConstraint(
            ["instrument", "instrument_version"],
            ["screening_instruments.key", "screening_instruments.version"],
        ),
    )

    screening_id: Mapped[UUID] = mapped_column(ForeignKey("screenings.id"), primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    instrument: Mapped[Instrument]
    instrument_version: Mapped[int]
    answers: Mapped[dict[str, Any]]
    result: Mapped[dict[str, Any]]
    level: Mapped[RiskLevel | None]
    positive: Mapped[bool]
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime]

    @property
    def said(self) -> Result:
        return Result.model_validate(self.result)


class ScreeningDemand(Model):
    """A screening that is due, and why."""

    __tablename__ = "screening_demands"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    instrument: Mapped[Instrument]
    because: Mapped[str]
    source_id: Mapped[UUID | None]
    status: Mapped[DemandStatus]
    deferred_until: Mapped[datetime | None]
    screening_id: Mapped[UUID | None] = mapped_column(ForeignKey("screenings.id"))
    demanded_by: Mapped[UUID]
    demanded_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def is_due(self, now: datetime) -> bool:
        put_off = self.deferred_until is not None and self.deferred_until > now
        return self.status is DemandStatus.OPEN and not put_off

    def defer(self, until: datetime, reason: str, *, by: UUID, at: datetime) -> "DemandMove":
        """Raises `DemandAnswered`, `DeferralUnfit`."""
        if self.status is not DemandStatus.OPEN:
            raise DemandAnswered(demand_id=self.id)
        if not at < until <= at + LONGEST_DEFERRAL:
            raise DeferralUnfit(demand_id=self.id)
        self.deferred_until = until
        return self._moved(self.status, by=by, at=at, reason=reason)

    def move(
        self, target: DemandStatus, *, by: UUID, at: datetime, screening_id: UUID | None = None
    ) -> "DemandMove":
        """Move under a row lock; returns the history row that has to be stored with it."""
        before = self.status
        self.status = SCREENING_DEMAND.check(before, target)
        self.screening_id, self.deferred_until = screening_id, None
        return self._moved(before, by=by, at=at)

    def _moved(
        self, before: DemandStatus, *, by: UUID, at: datetime, reason: str | None = None
    ) -> "DemandMove":
        self.updated_at = at
        return DemandMove(
            demand_id=self.id,
            from_status=before,
            to_status=self.status,
            deferred_until=self.deferred_until,
            reason=reason,
            moved_by=by,
            moved_at=at,
        )


class DemandMove(Model):
    """One change of a demand; from open to open it was put off."""

    __tablename__ = "screening_demand_moves"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    demand_id: Mapped[UUID] = mapped_column(ForeignKey("screening_demands.id"))
    from_status: Mapped[DemandStatus | None]
    to_status: Mapped[DemandStatus]
    deferred_until: Mapped[datetime | None]
    reason: Mapped[str | None]
    moved_by: Mapped[UUID]
    moved_at: Mapped[datetime]
