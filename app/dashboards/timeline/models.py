"""The projection, how far it is, and the vital signs of signed notes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Float, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.orm import Model


class TimelineEntry(Model):
    """One thing that happened to a patient; written by `projection.py` only."""

    __tablename__ = "timeline_entries"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    kind: Mapped[str]
    source_id: Mapped[UUID]
    part: Mapped[str]
    at: Mapped[datetime]
    encounter_id: Mapped[UUID | None]
    title: Mapped[str]
    detail: Mapped[str | None]
    clinical: Mapped[str | None]
    status: Mapped[str]
    flag: Mapped[str | None]
    only_for: Mapped[UUID | None]
    stored_at: Mapped[datetime]


class TimelinePatient(Model):
    """A record whose entries were made from the sources as a whole."""

    __tablename__ = "timeline_patients"

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), primary_key=True)
    shape: Mapped[int] = mapped_column(BigInteger)
    built_at: Mapped[datetime]


class TimelineArrear(Model):
    """A fact about a patient that was not heard yet; a trigger writes it with the fact."""

    __tablename__ = "timeline_arrears"

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    fact_id: Mapped[UUID] = mapped_column(ForeignKey("outbox.id"), primary_key=True)


class VitalSign(Model):
    """A vital sign as a signed note has it."""

    __tablename__ = "vital_signs"

    note_id: Mapped[UUID] = mapped_column(ForeignKey("notes.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    taken_at: Mapped[datetime]
    code: Mapped[str]
    label: Mapped[str]
    value: Mapped[float] = mapped_column(Float(53))
    unit: Mapped[str]
