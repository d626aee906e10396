"""What can be done with the register of patients."""

from datetime import date, timedelta
from uuid import UUID

from app import audit
from app.infra.uow import UnitOfWork
from app.patients import repository
from app.patients.duplicates import possible_duplicates
from app.patients.errors import BirthDateInFuture, PossibleDuplicate
from app.patients.events import PatientRenamed
from app.patients.models import Patient
from app.patients.policies import require_registrar
from app.patients.schemas import CLINICAL_FIELDS, NewPatient, UpdatePatient

# It is already tomorrow somewhere: a child born today east of Greenwich must be registrable.
FURTHEST_EAST = timedelta(hours=14)


async def get_patient(uow: UnitOfWork, patient_id: UUID, *, lock: bool = False) -> Patient:
    """A patient the actor may see, for other verbs to build on; raises `PatientNotFound`.

    Of a record that was merged into another, that other: its id may not be the one asked for.
    Leaves no trace in the audit trail: the verb that uses it does.
    """
    return await repository.get(uow, patient_id, lock=lock)


async def read_patient(uow: UnitOfWork, patient_id: UUID) -> Patient:
    """Somebody looks at the record of a patient that counts; raises `PatientNotFound`."""
    patient = await repository.get(uow, patient_id)
    await audit.record(uow, "patient.read", patient_id=patient.id, subject=("patient", patient.id))
    return patient


async def register_patient(uow: UnitOfWork, new: NewPatient) -> Patient:
    """Register somebody new; raises `PossibleDuplicate` unless it was confirmed they are new."""
    fields = new.model_dump(exclude={"confirm_not_duplicate"})
    require_registrar(uow, {name for name in CLINICAL_FIELDS if fields[name] is not None})
    check_birth_date(uow, new.birth_date)
    await repository.hold_birth_date(uow, new.birth_date)
    if not new.confirm_not_duplicate:
        await refuse_duplicates(uow, new)
    patient = Patient(**fields, created_by=uow.actor.id, created_at=uow.now, updated_at=uow.now)
    await repository.add(uow, patient)
    await audit.record(
        uow,
        "patient.register",
        patient_id=patient.id,
        subject=("patient", patient.id),
        detail={"confirmed_not_duplicate": new.confirm_not_duplicate},
    )
    return patient


async def update_patient(
    uow: UnitOfWork, patient_id: UUID, update: UpdatePatient, *, version: int
) -> Patient:
    """Change what was said and nothing else; raises `PatientChanged` when `version` is stale."""
    changes = update.changes
    require_registrar(uow, changes)
    if "birth_date" in changes:
        check_birth_date(uow, changes["birth_date"])
    patient = await repository.get(uow, patient_id, lock=True)
    called = (patient.given_name, patient.family_name)
    patient.change(changes, version=version, at=uow.now)
    patient.refresh_search_text(await repository.absorbed_by(uow, patient.id))
    if (patient.given_name, patient.family_name) != called:
        await uow.publish(PatientRenamed(patient_id=patient.id))
    await audit.record(
        uow,
        "patient.update",
        patient_id=patient.id,
        subject=("patient", patient.id),
        detail={"fields": sorted(changes), "version": patient.version},
    )
    return patient


async def refuse_duplicates(uow: UnitOfWork, new: NewPatient) -> None:
    found = await possible_duplicates(
        uow, given=new.given_name, family=new.family_name, birth_date=new.birth_date
    )
    if found:
        raise PossibleDuplicate(patient_ids=[patient.id for patient in found])


def check_birth_date(uow: UnitOfWork, day: date) -> None:
    if day > (uow.now + FURTHEST_EAST).date():
        why = "A birth date cannot lie in the future."
        raise BirthDateInFuture(
            errors=[{"at": ["body", "birth_date"], "why": why, "rule": "date_not_in_future"}]
        )
