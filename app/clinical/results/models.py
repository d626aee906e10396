"""Results: a header that moves, versions that never change, and who has seen or told them."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Numeric,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.clinical.results.judging import Comparator, Flag, KnownRange, Limits, Unjudged
from app.clinical.results.lifecycle import DIAGNOSTIC_REPORT, ReportStatus
from app.clinical.results.schemas import Decision, ReadBack, ReportKind, Source
from app.infra.orm import Model
from app.patients import Sex

VERSION_KEY = ["report_versions.report_id", "report_versions.number"]


class Analyte(Model):
    """Something laboratories measure; `unit`: the one usual here."""

    __tablename__ = "analytes"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    synonyms: Mapped[list[str]] = mapped_column(ARRAY(Text))
    unit: Mapped[str]


class PanelAnalyte(Model):
    """What a panel usually reports."""

    __tablename__ = "panel_analytes"
    __table_args__ = (UniqueConstraint("panel_code", "analyte_code"),)

    panel_code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    analyte_code: Mapped[str] = mapped_column(ForeignKey("analytes.code"))


class ReferenceRange(Model):
    """What is usual, for whom, while it is in effect."""

    __tablename__ = "reference_ranges"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    analyte_code: Mapped[str] = mapped_column(ForeignKey("analytes.code"))
    unit: Mapped[str]
    sex: Mapped[Sex | None]
    age_from_months: Mapped[int]
    age_to_months: Mapped[int | None]
    low: Mapped[Decimal | None] = mapped_column(Numeric)
    high: Mapped[Decimal | None] = mapped_column(Numeric)
    critical_low: Mapped[Decimal | None] = mapped_column(Numeric)
    critical_high: Mapped[Decimal | None] = mapped_column(Numeric)
    source: Mapped[str]
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]

    def known(self) -> KnownRange:
        return KnownRange(
            unit=self.unit,
            sex=self.sex,
            age_from_months=self.age_from_months,
            age_to_months=self.age_to_months,
            limits=Limits(
                low=self.low,
                high=self.high,
                critical_low=self.critical_low,
                critical_high=self.critical_high,
            ),
            source=self.source,
        )


class DiagnosticReport(Model):
    """A result of one patient; `versions` counts what was reported of it so far.

    `unacknowledged_since`: since when the version that counts waits for the responsible doctor.
    """

    __tablename__ = "diagnostic_reports"
    __table_args__ = (UniqueConstraint("source", "external_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    order_item_id: Mapped[UUID | None] = mapped_column(ForeignKey("order_items.id"))
    responsible_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[ReportKind]
    title: Mapped[str]
    status: Mapped[ReportStatus]
    flag: Mapped[Flag | None]
    versions: Mapped[int] = mapped_column(default=0)
    reported_at: Mapped[datetime]
    unacknowledged_since: Mapped[datetime | None]
    source: Mapped[Source]
    external_id: Mapped[str | None]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]

    def move_to(
        self, target: ReportStatus, *, by: UUID, at: datetime, reason: str | None = None
    ) -> "DiagnosticReportMove":
        """Move under a lock of the report; returns the history row to be stored with it."""
        before = self.status
        self.status = DIAGNOSTIC_REPORT.check(before, target)
        return self.moved(before, by=by, at=at, reason=reason)

    def moved(
        self, before: ReportStatus | None, *, by: UUID, at: datetime, reason: str | None = None
    ) -> "DiagnosticReportMove":
        return DiagnosticReportMove(
            report_id=self.id,
            from_status=before,
            to_status=self.status,
            reason=reason,
            moved_by=by,
            moved_at=at,
        )


class DiagnosticReportMove(Model):
    """One change of state, for the record."""

    __tablename__ = "diagnostic_report_moves"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("diagnostic_reports.id"))
    from_status: Mapped[ReportStatus | None]
    to_status: Mapped[ReportStatus]
    reason: Mapped[str | None]
    moved_by: Mapped[UUID]
    moved_at: Mapped[datetime]


class ReportVersion(Model):
    """What was reported at one time. The database refuses every change."""

    __tablename__ = "report_versions"
    __table_args__ = (UniqueConstraint("report_id", "content_sha256"),)

    report_id: Mapped[UUID] = mapped_column(ForeignKey("diagnostic_reports.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[ReportStatus]
    conclusion: Mapped[str | None]
    flag: Mapped[Flag]
    collected_at: Mapped[datetime | None]
    issued_at: Mapped[datetime]
    content_sha256: Mapped[str]
    reported_by: Mapped[UUID]
    reported_at: Mapped[datetime]


class Observation(Model):
    """One value of a version, with the range it was judged by."""

    __tablename__ = "observations"
    __table_args__ = (ForeignKeyConstraint(["report_id", "number"], VERSION_KEY),)

    report_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    code: Mapped[str | None]
    name: Mapped[str]
    comparator: Mapped[Comparator | None]
    value_number: Mapped[Decimal | None] = mapped_column(Numeric)
    value_text: Mapped[str | None]
    unit: Mapped[str | None]
    low: Mapped[Decimal | None] = mapped_column(Numeric)
    high: Mapped[Decimal | None] = mapped_column(Numeric)
    critical_low: Mapped[Decimal | None] = mapped_column(Numeric)
    critical_high: Mapped[Decimal | None] = mapped_column(Numeric)
    range_text: Mapped[str | None]
    range_source: Mapped[str | None]
    flag: Mapped[Flag]
    unjudged_because: Mapped[Unjudged | None]
    observed_at: Mapped[datetime]


class ResultAcknowledgement(Model):
    """A doctor has seen a version; written once."""

    __tablename__ = "result_acknowledgements"
    __table_args__ = (ForeignKeyConstraint(["report_id", "number"], VERSION_KEY),)

    report_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    decision: Mapped[Decision]
    note: Mapped[str | None]
    follow_up_task_id: Mapped[UUID | None] = mapped_column(ForeignKey("work_items.id"))
    acknowledged_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    acknowledged_at: Mapped[datetime]


class ResultCallback(Model):
    """Somebody was told a version; written once, corrected by a newer row."""

    __tablename__ = "result_callbacks"
    __table_args__ = (ForeignKeyConstraint(["report_id", "number"], VERSION_KEY),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    report_id: Mapped[UUID]
    number: Mapped[int]
    told_user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    told_name: Mapped[str | None]
    told_at: Mapped[datetime]
    read_back: Mapped[ReadBack]
    remark: Mapped[str | None]
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("result_callbacks.id"), unique=True)
    called_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime]
