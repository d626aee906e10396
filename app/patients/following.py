"""Records of one person: which of them counts, and which were merged into it."""

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.patients.models import Patient

S = TypeVar("S", bound=Select[*tuple[Any, ...]])


def counting_id(patient_id: UUID) -> ColumnElement[UUID]:
    """The id of the record of this person that counts now: one step always leads there."""
    asked = aliased(Patient)
    merged_into = select(asked.merged_into).where(asked.id == patient_id).scalar_subquery()
    return func.coalesce(merged_into, literal(patient_id))


def records_of(patient_id: UUID) -> Select[UUID]:
    """The ids under which things may be written about this person, for `column.in_(...)`.

    Of the record that counts and of those merged into it, whichever of them is asked about.
    Ids of nobody are those of nobody: the select is empty.
    """
    record = aliased(Patient)
    counts = counting_id(patient_id)
    return select(record.id).where(or_(record.id == counts, record.merged_into == counts))


def joined_to_patient(statement: S, written_under: InstrumentedAttribute[UUID]) -> S:
    """The statement with `Patient` joined: the record that counts of whoever a row is about."""
    written = aliased(Patient)
    counts = func.coalesce(written.merged_into, written.id)
    return statement.join(written, written.id == written_under).join(Patient, Patient.id == counts)
