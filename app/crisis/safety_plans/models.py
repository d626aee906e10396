"""Headers of safety plans and of their published versions. The text lives in Mongo."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Identity
from sqlalchemy.orm import Mapped, mapped_column

from app.crisis.safety_plans.lifecycle import SAFETY_PLAN, PlanStatus
from app.infra.orm import Model


class CrisisService(Model):
    """A service anybody may turn to, while it is in effect."""

    __tablename__ = "crisis_services"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[str]
    phone: Mapped[str]
    hint: Mapped[str]
    jurisdiction: Mapped[str]
    source: Mapped[str]
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]


class SafetyPlan(Model):
    __tablename__ = "safety_plans"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), unique=True)
    versions_published: Mapped[int] = mapped_column(default=0)
    begun_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    begun_at: Mapped[datetime]


class SafetyPlanVersion(Model):
    """What was published. The database refuses every change but that of the status."""

    __tablename__ = "safety_plan_versions"

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("safety_plans.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[UUID] = mapped_column(unique=True)
    content_sha256: Mapped[str]
    status: Mapped[PlanStatus]
    review_on: Mapped[date]
    published_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    author_name: Mapped[str]
    published_at: Mapped[datetime]

    def move_to(
        self, target: PlanStatus, *, by: UUID, at: datetime, reason: str | None = None
    ) -> "SafetyPlanMove":
        """Move under a lock of the plan; returns the history row to be stored with it."""
        before = self.status
        self.status = SAFETY_PLAN.check(before, target)
        return self.moved(before, by=by, at=at, reason=reason)

    def moved(
        self, before: PlanStatus | None, *, by: UUID, at: datetime, reason: str | None = None
    ) -> "SafetyPlanMove":
        return SafetyPlanMove(
            plan_id=self.plan_id,
            number=self.number,
            from_status=before,
            to_status=self.status,
            reason=reason,
            moved_by=by,
            moved_at=at,
        )


class SafetyPlanMove(Model):
    """One change of state, for the record."""

    __tablename__ = "safety_plan_moves"
    __table_args__ = (
        ForeignKeyConstraint(
            ["plan_id", "number"], ["safety_plan_versions.plan_id", "safety_plan_versions.number"]
        ),
    )

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    plan_id: Mapped[UUID]
    number: Mapped[int]
    from_status: Mapped[PlanStatus | None]
    to_status: Mapped[PlanStatus]
    reason: Mapped[str | None]
    moved_by: Mapped[UUID]
    moved_at: Mapped[datetime]
