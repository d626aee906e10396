"""Releases of the formulary and everything in them; what is in one never changes."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Identity, Numeric, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.clinical.formulary.lifecycle import RELEASE, ReleaseStatus
from app.infra.orm import Model


class FormularyRelease(Model):
    __tablename__ = "formulary_releases"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str]
    version: Mapped[str]
    status: Mapped[ReleaseStatus]
    effective_on: Mapped[date]
    shelf_life_days: Mapped[int]
    source: Mapped[str]
    reviewed_by: Mapped[str | None]
    counts: Mapped[dict[str, Any]]
    imported_by: Mapped[UUID]
    imported_at: Mapped[datetime]
    status_at: Mapped[datetime]

    @property
    def good_until(self) -> date:
        return self.effective_on + timedelta(days=self.shelf_life_days)

    def move_to(self, target: ReleaseStatus, *, by: UUID, at: datetime) -> "FormularyReleaseMove":
        """Move under a row lock; returns the history row that has to be stored with it."""
        before = self.status
        self.status = RELEASE.check(before, target)
        self.status_at = at
        return FormularyReleaseMove(
            release_id=self.id, from_status=before, to_status=target, moved_by=by, moved_at=at
        )


class FormularyReleaseMove(Model):
    """One change of state of a release."""

    __tablename__ = "formulary_release_moves"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    release_id: Mapped[UUID] = mapped_column(ForeignKey("formulary_releases.id"))
    from_status: Mapped[ReleaseStatus | None]
    to_status: Mapped[ReleaseStatus]
    moved_by: Mapped[UUID]
    moved_at: Mapped[datetime]


class InRelease:
    """Every row belongs to one release."""

    release_id: Mapped[UUID] = mapped_column(ForeignKey("formulary_releases.id"), primary_key=True)


class Sourced(InRelease):
    source: Mapped[str]
    as_of: Mapped[date]


class FormularyDrug(InRelease, Model):
    __tablename__ = "drugs"

    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    brands: Mapped[list[str]] = mapped_column(ARRAY(Text))
    synonyms: Mapped[list[str]] = mapped_column(ARRAY(Text))
    rxcui: Mapped[str | None]
    atc: Mapped[str | None]
    classes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    ingredients: Mapped[list[str]] = mapped_column(ARRAY(Text))
    routes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    strengths: Mapped[list[str]] = mapped_column(ARRAY(Text))
    covered: Mapped[list[str]] = mapped_column(ARRAY(Text))


class FormularyGroup(InRelease, Model):
    __tablename__ = "drug_groups"

    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    parents: Mapped[list[str]] = mapped_column(ARRAY(Text))
    shared_allergy: Mapped[bool]
    words: Mapped[list[str]] = mapped_column(ARRAY(Text))


class FormularyCrossReaction(Sourced, Model):
    __tablename__ = "allergy_cross_reactions"

    allergy: Mapped[str] = mapped_column(primary_key=True)
    given: Mapped[str] = mapped_column(primary_key=True)
    severity: Mapped[str]
    because: Mapped[str]


class FormularyInteraction(Sourced, Model):
    __tablename__ = "drug_interactions"

    first: Mapped[str] = mapped_column(primary_key=True)
    second: Mapped[str] = mapped_column(primary_key=True)
    severity: Mapped[str]
    effect: Mapped[str]
    advice: Mapped[str]


class FormularyDuplication(Sourced, Model):
    __tablename__ = "duplicate_therapies"

    group: Mapped[str] = mapped_column(primary_key=True)
    severity: Mapped[str]
    because: Mapped[str]


class FormularyDoseRule(Sourced, Model):
    __tablename__ = "dose_rules"
    __table_args__ = (
        ForeignKeyConstraint(["release_id", "drug"], ["drugs.release_id", "drugs.key"]),
    )

    drug: Mapped[str] = mapped_column(primary_key=True)
    route: Mapped[str] = mapped_column(primary_key=True)
    age_from: Mapped[int] = mapped_column(primary_key=True)
    age_below: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str]
    per_kg: Mapped[bool]
    usual_low: Mapped[Decimal | None] = mapped_column(Numeric)
    usual_high: Mapped[Decimal | None] = mapped_column(Numeric)
    max_each: Mapped[Decimal | None] = mapped_column(Numeric)
    max_day: Mapped[Decimal | None] = mapped_column(Numeric)
    cap_each: Mapped[Decimal | None] = mapped_column(Numeric)
    cap_day: Mapped[Decimal | None] = mapped_column(Numeric)
    least_days: Mapped[int | None]
    note: Mapped[str | None]


class FormularyPregnancyRule(Sourced, Model):
    __tablename__ = "pregnancy_rules"

    subject: Mapped[str] = mapped_column(primary_key=True)
    advice: Mapped[str]
    because: Mapped[str]


class FormularyRenalRule(Sourced, Model):
    """`below` null: no change is needed at any eGFR."""

    __tablename__ = "renal_rules"

    seq: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    below: Mapped[Decimal | None] = mapped_column(Numeric)
    severity: Mapped[str | None]
    because: Mapped[str]


PARTS: dict[str, type[Model]] = {
    "drugs": FormularyDrug,
    "groups": FormularyGroup,
    "cross_reactions": FormularyCrossReaction,
    "interactions": FormularyInteraction,
    "duplications": FormularyDuplication,
    "dose_rules": FormularyDoseRule,
    "pregnancy_rules": FormularyPregnancyRule,
    "renal_rules": FormularyRenalRule,
}
