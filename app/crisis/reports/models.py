"""Suspicions, the reports that are due because of them, and everything that was done."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Identity, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.crisis.reports.deadlines import Leg, Mark
from app.crisis.reports.errors import ReportClosed
from app.crisis.reports.lifecycle import (
    MANDATORY_REPORT,
    REPORT_CLOCK,
    ClockStatus,
    ReportStatus,
)
from app.crisis.reports.rule_schemas import SuspicionKind
from app.crisis.reports.schemas import (
    Channel,
    TextOrigin,
)
from app.infra.orm import Model


class Suspicion(Model):
    """Written once; the duty stays with who formed it."""

    __tablename__ = "suspicions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    reporter_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    kind: Mapped[SuspicionKind]
    jurisdiction: Mapped[str]
    formed_at: Mapped[datetime]
    encounter_id: Mapped[UUID | None] = mapped_column(ForeignKey("encounters.id"))
    signal_id: Mapped[UUID | None]
    reasons: Mapped[str]
    entered_at: Mapped[datetime]


class MandatoryReport(Model):
    __tablename__ = "mandatory_reports"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    suspicion_id: Mapped[UUID] = mapped_column(ForeignKey("suspicions.id"))
    rule_id: Mapped[UUID] = mapped_column(ForeignKey("report_rules.id"))
    reporter_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    status: Mapped[ReportStatus]
    oral_due_at: Mapped[datetime | None]
    written_due_at: Mapped[datetime | None]
    turn_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]

    @property
    def is_closed(self) -> bool:
        return self.status in MANDATORY_REPORT.terminal

    def due_of(self, leg: Leg) -> datetime | None:
        return self.oral_due_at if leg is Leg.ORAL else self.written_due_at

    @property
    def next_leg(self) -> Leg | None:
        """What is to be done next; None when nothing is."""
        if self.is_closed:
            return None
        if self.status is ReportStatus.OPEN and self.oral_due_at is not None:
            return Leg.ORAL
        return Leg.WRITTEN

    def require_open(self) -> None:
        """Raise `ReportClosed` when it was filed or found not to be required."""
        if self.is_closed:
            raise ReportClosed(report_id=self.id, current=self.status)

    def move(
        self, target: ReportStatus, *, by: UUID, at: datetime, reason: str | None = None
    ) -> "MandatoryReportMove":
        """Move under a row lock; returns the history row that has to be stored with it."""
        before = self.status
        self.status = MANDATORY_REPORT.check(before, target)
        self.version += 1
        if self.is_closed:
            self.closed_at = self.turn_at = at
        elif self.written_due_at is not None:
            self.turn_at = self.written_due_at
        return MandatoryReportMove(
            report_id=self.id,
            from_status=before,
            to_status=target,
            reason=reason,
            moved_by=by,
            moved_at=at,
        )


class MandatoryReportMove(Model):
    """One change of state of a report."""

    __tablename__ = "mandatory_report_moves"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("mandatory_reports.id"))
    from_status: Mapped[ReportStatus | None]
    to_status: Mapped[ReportStatus]
    reason: Mapped[str | None]
    moved_by: Mapped[UUID]
    moved_at: Mapped[datetime]


class OralReport(Model):
    """A call that was made."""

    __tablename__ = "oral_reports"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("mandatory_reports.id"))
    recipient: Mapped[str]
    spoken_to: Mapped[str | None]
    reference: Mapped[str | None]
    called_at: Mapped[datetime]
    logged_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    logged_at: Mapped[datetime]


class ReportTextVersion(Model):
    """Which text there was when; the words are in Mongo."""

    __tablename__ = "report_texts"

    report_id: Mapped[UUID] = mapped_column(ForeignKey("mandatory_reports.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[UUID] = mapped_column(unique=True)
    content_sha256: Mapped[str]
    origin: Mapped[TextOrigin]
    written_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    written_at: Mapped[datetime]


class WrittenReport(Model):
    """The written report as it went out, once for each report."""

    __tablename__ = "written_reports"
    __table_args__ = (
        ForeignKeyConstraint(
            ["report_id", "text_version"],
            ["report_texts.report_id", "report_texts.version"],
            name="fk_written_reports_text",
        ),
    )

    report_id: Mapped[UUID] = mapped_column(ForeignKey("mandatory_reports.id"), primary_key=True)
    text_version: Mapped[int]
    recipients: Mapped[list[str]] = mapped_column(ARRAY(Text))
    form: Mapped[str | None]
    channel: Mapped[Channel]
    reference: Mapped[str | None]
    sent_at: Mapped[datetime]
    filed_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    filed_at: Mapped[datetime]


class ReportReader(Model):
    """Somebody who may see a report beside its reporter and compliance."""

    __tablename__ = "report_readers"

    report_id: Mapped[UUID] = mapped_column(ForeignKey("mandatory_reports.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    reason: Mapped[str]
    named_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    named_at: Mapped[datetime]


class Disclosure(Model):
    """One line of the accounting of disclosures (45 CFR 164.528)."""

    __tablename__ = "disclosures"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    report_id: Mapped[UUID] = mapped_column(ForeignKey("mandatory_reports.id"))
    leg: Mapped[Leg]
    disclosed_at: Mapped[datetime]
    recipient: Mapped[str]
    what: Mapped[str]
    why: Mapped[str]
    recorded_at: Mapped[datetime]


class ReportClock(Model):
    """A moment at which somebody has to be told; fired once or voided."""

    __tablename__ = "report_clocks"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("mandatory_reports.id"))
    leg: Mapped[Leg]
    mark: Mapped[Mark]
    status: Mapped[ClockStatus]
    fire_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    def settle(self, target: ClockStatus, *, at: datetime) -> None:
        """Under the lock of its report."""
        self.status = REPORT_CLOCK.check(self.status, target)
        self.settled_at = at
