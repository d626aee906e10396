"""The people we care for."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Computed, ForeignKey, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.orm import Model
from app.patients.errors import PatientChanged
from app.patients.schemas import Sex
from app.patients.search_text import describe


class Patient(Model):
    __tablename__ = "patients"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    mrn: Mapped[str]
    given_name: Mapped[str]
    family_name: Mapped[str]
    birth_date: Mapped[date]
    sex: Mapped[Sex]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    address: Mapped[str | None]
    emergency_contacts: Mapped[list[dict[str, Any]]]
    allergies: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))
    medications: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))
    problems: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("patients.id"))
    search_text: Mapped[str]
    search_grams: Mapped[list[str]] = mapped_column(
        ARRAY(Text), Computed("search_grams(search_text)", persisted=True), deferred=True
    )

    def refresh_search_text(self, absorbed: Iterable["Patient"] = ()) -> None:
        """Keep what the patient is searched by true to what is known of them.

        Under the names and numbers of the records merged into this one it is found as well.
        """
        self.search_text = " ".join(one.described() for one in (self, *absorbed))

    def described(self) -> str:
        return describe(
            given=self.given_name,
            family=self.family_name,
            birth=self.birth_date,
            phone=self.phone,
            mrn=self.mrn,
        )

    def require_version(self, version: int | None) -> None:
        """Raise `PatientChanged` unless this is what the person read; None: they say not."""
        if version not in {None, self.version}:
            raise PatientChanged(
                patient_id=self.id, expected_version=version, current_version=self.version
            )

    def change(self, changes: dict[str, Any], *, version: int, at: datetime) -> None:
        """Change exactly the version the person read."""
        self.require_version(version)
        if not changes:
            return
        for name, value in changes.items():
            setattr(self, name, value)
        self.version += 1
        self.updated_at = at


class PatientMerge(Model):
    """Two records found to be one person: `absorbed_id` leads to `survivor_id` from then on."""

    __tablename__ = "patient_merges"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    absorbed_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    survivor_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    carried: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    before: Mapped[dict[str, Any]]
    reason: Mapped[str]
    merged_by: Mapped[UUID]
    merged_at: Mapped[datetime]
    reversible_until: Mapped[datetime]
    reversed_by: Mapped[UUID | None]
    reversed_at: Mapped[datetime | None]

    def is_reversible(self, at: datetime) -> bool:
        return self.reversed_at is None and at <= self.reversible_until
