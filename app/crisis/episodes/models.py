"""Episodes, what they ask for, their timeline, and the rules behind them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Computed, ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from app.crisis.episodes.errors import EpisodeClosed
from app.crisis.episodes.lifecycle import EPISODE, STEP, EpisodeStatus, StepStatus
from app.crisis.episodes.schemas import EntryKind
from app.crisis.risk import RiskLevel
from app.infra.orm import Model
from app.work_queues.ladders import DueUnit


class StepRule(Model):
    __tablename__ = "crisis_step_rules"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str]
    version: Mapped[int]
    level: Mapped[RiskLevel]
    title: Mapped[str]
    explanation: Mapped[str]
    due_amount: Mapped[int]
    due_unit: Mapped[DueUnit]
    done_by_fact: Mapped[str | None]
    source: Mapped[str]
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    reviewed_by: Mapped[UUID | None]


class SignalRule(Model):
    __tablename__ = "crisis_signal_rules"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    concept: Mapped[str]
    version: Mapped[int]
    level: Mapped[RiskLevel | None]
    why: Mapped[str]
    source: Mapped[str]
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    reviewed_by: Mapped[UUID | None]


class Episode(Model):
    __tablename__ = "crisis_episodes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    status: Mapped[EpisodeStatus]
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    level: Mapped[RiskLevel]
    urgency: Mapped[int] = mapped_column(
        Computed(
            "case level when 'high' then 0 when 'undetermined' then 1 when 'moderate' then 2"
            " when 'low' then 3 else 4 end",
            persisted=True,
        )
    )
    highest_level: Mapped[RiskLevel]
    next_due_at: Mapped[datetime | None]
    turn_at: Mapped[datetime] = mapped_column(
        Computed("coalesce(next_due_at, timestamptz '9999-01-01 00:00:00+00')", persisted=True)
    )
    opened_at: Mapped[datetime]
    opened_by: Mapped[UUID]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1)

    def require_open(self) -> None:
        if self.status is not EpisodeStatus.OPEN:
            raise EpisodeClosed(episode_id=self.id)

    def close(self, *, by: UUID, at: datetime) -> None:
        """Raises `IllegalMove`."""
        self.status = EPISODE.check(self.status, EpisodeStatus.CLOSED)
        self.closed_by, self.closed_at = by, at
        self.version += 1

    def reopen(self) -> None:
        """Raises `IllegalMove`."""
        self.status = EPISODE.check(self.status, EpisodeStatus.OPEN)
        self.closed_by = self.closed_at = None
        self.version += 1

    def stand_at(self, level: RiskLevel) -> None:
        self.level = level
        self.highest_level = max(self.highest_level, level, key=lambda each: each.rank)
        self.version += 1


class Entry(Model):
    """A line of the timeline."""

    __tablename__ = "crisis_entries"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    id: Mapped[UUID] = mapped_column(default=uuid4)
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("crisis_episodes.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    kind: Mapped[EntryKind]
    code: Mapped[str | None]
    outcome: Mapped[str | None]
    remark: Mapped[str | None]
    detail: Mapped[dict[str, Any]]
    source_type: Mapped[str | None]
    source_id: Mapped[UUID | None]
    happened_at: Mapped[datetime]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]


class Step(Model):
    """Something this episode asks for, by a moment."""

    __tablename__ = "crisis_steps"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("crisis_episodes.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    code: Mapped[str]
    rule_id: Mapped[UUID] = mapped_column(ForeignKey("crisis_step_rules.id"))
    title: Mapped[str]
    round: Mapped[int] = mapped_column(default=1)
    status: Mapped[StepStatus]
    due_at: Mapped[datetime]
    overdue_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    outcome: Mapped[str | None]

    def end(self, target: StepStatus, *, by: UUID, at: datetime, outcome: str | None) -> None:
        """Raises `IllegalMove`."""
        self.status = STEP.check(self.status, target)
        self.ended_by, self.ended_at, self.outcome = by, at, outcome
