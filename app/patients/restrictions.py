"""Statements about restricted patients, for the verbs that stand above: they audit, not we."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from app.infra.uow import UnitOfWork
from app.patients.errors import RestrictionDiffers
from app.patients.following import counting_id
from app.patients.models import Patient
from app.patients.restriction_models import PatientRestriction
from app.patients.visibility import visible_patients


async def open_restriction(
    uow: UnitOfWork, patient_id: UUID, *, lock: bool = False
) -> PatientRestriction | None:
    """Of the record of this person that counts, whoever asks and whether they may see it."""
    statement = select(PatientRestriction).where(
        PatientRestriction.patient_id == counting_id(patient_id),
        PatientRestriction.lifted_at.is_(None),
    )
    if lock:
        statement = statement.with_for_update(key_share=True)
        statement = statement.execution_options(populate_existing=True)
    return (await uow.db.execute(statement)).scalar_one_or_none()


async def seen_among(uow: UnitOfWork, patient_ids: Collection[UUID]) -> set[UUID]:
    """Those of them whom the actor may see."""
    if not patient_ids:
        return set()
    statement = select(Patient.id).where(Patient.id.in_(patient_ids), visible_patients(uow))
    return set(await uow.db.scalars(statement))


async def require_alike(uow: UnitOfWork, one: UUID, other: UUID) -> None:
    """Two records become one, or two again: then both are restricted, or neither.

    Raises `RestrictionDiffers`, or what was hidden would be seen under the other record.
    """
    statement = select(PatientRestriction.patient_id).where(
        PatientRestriction.patient_id.in_((one, other)), PatientRestriction.lifted_at.is_(None)
    )
    restricted = set(await uow.db.scalars(statement))
    if len(restricted) == 1:
        raise RestrictionDiffers(patient_ids=[one, other])
