"""The people we care for."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Computed, Text
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
    search_text: Mapped[str]
    search_grams: Mapped[list[str]] = mapped_column(
        ARRAY(Text), Computed("search_grams(search_text)", persisted=True), deferred=True
    )

    def refresh_search_text(self) -> None:
        """Keep what the patient is searched by true to what is known of them."""
        self.search_text = describe(
            given=self.given_name,
            family=self.family_name,
            birth=self.birth_date,
            phone=self.phone,
            mrn=self.mrn,
        )

    def change(self, changes: dict[str, Any], *, version: int, at: datetime) -> None:
        """Change exactly the version the person read."""
        if version != self.version:
            raise PatientChanged(
                patient_id=self.id, expected_version=version, current_version=self.version
            )
        if not changes:
            return
        for name, value in changes.items():
            setattr(self, name, value)
        self.version += 1
        self.updated_at = at
        self.refresh_search_text()
