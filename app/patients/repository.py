"""Every statement that touches the patients table."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, collate, func, or_, select, text, tuple_

from app.infra.uow import UnitOfWork
from app.kernel.paging import CursorUnreadable
from app.patients.errors import MergeNotFound, PatientNotFound
from app.patients.following import counting_id, joined_to_patient, records_of
from app.patients.models import Patient, PatientMerge
from app.patients.pages import NamePage
from app.patients.search_text import grams_of
from app.patients.visibility import visible_patients

# What patients are searched by begins with family and given name, then the birth date; in bytes,
# so that every server sorts alike. Cut, because an index entry must fit on a page.
NAME_ORDER = (collate(func.left(Patient.search_text, 200), "C"), Patient.id)
NEXT_NUMBER = text("select 'MRN-' || nextval('patient_record_numbers')")
ONE_MERGE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended('patients.merge', 0))")
ONE_BIRTH_DATE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended(:key, 0))")


def visible(uow: UnitOfWork) -> Select[Patient]:
    return select(Patient).where(visible_patients(uow))


async def get(uow: UnitOfWork, patient_id: UUID, *, lock: bool = False) -> Patient:
    """The record of this person that counts."""
    statement = visible(uow).where(Patient.id == counting_id(patient_id))
    if lock:
        statement = locked(statement)
    patient = (await uow.db.execute(statement)).scalar_one_or_none()
    if patient is None:
        raise PatientNotFound(patient_id=patient_id)
    if patient.merged_into is not None:  # while we waited for the lock
        return await get(uow, patient.merged_into, lock=lock)
    return patient


def locked(statement: Select[Patient]) -> Select[Patient]:
    """Rows that point at these patients may still be written meanwhile."""
    held = statement.with_for_update(of=Patient, key_share=True)
    return held.execution_options(populate_existing=True)


async def add(uow: UnitOfWork, patient: Patient) -> None:
    patient.mrn = (await uow.db.execute(NEXT_NUMBER)).scalar_one()
    patient.refresh_search_text()
    uow.db.add(patient)
    await uow.db.flush()


async def search(uow: UnitOfWork, words: Sequence[str], page: NamePage) -> Sequence[Patient]:
    """One row more than the page holds, in the order of names."""
    statement = visible(uow).where(Patient.merged_into.is_(None))
    if words:
        statement = statement.where(Patient.search_grams.contains(grams_of(words)))
    for word in words:
        statement = statement.where(Patient.search_text.contains(word, autoescape=True))
    if page.after is not None:
        statement = statement.where(tuple_(*NAME_ORDER) > tuple_(*await place_of(uow, page.after)))
    return (await uow.db.scalars(statement.order_by(*NAME_ORDER).limit(page.limit + 1))).all()


async def place_of(uow: UnitOfWork, patient_id: UUID) -> tuple[str, UUID]:
    """Where a patient stands in the order of names."""
    statement = select(*NAME_ORDER).where(Patient.id == patient_id, visible_patients(uow))
    row = (await uow.db.execute(statement)).one_or_none()
    if row is None:
        raise CursorUnreadable
    return row[0], row[1]


async def born_on(uow: UnitOfWork, days: Sequence[date]) -> Sequence[Patient]:
    """Records that count and records merged into others: a person was known by both."""
    statement = visible(uow).where(Patient.birth_date.in_(days)).order_by(Patient.created_at)
    return (await uow.db.scalars(statement)).all()


async def of_ids(uow: UnitOfWork, ids: Collection[UUID]) -> Sequence[Patient]:
    statement = visible(uow).where(Patient.id.in_(ids)).order_by(Patient.created_at)
    return (await uow.db.scalars(statement)).all()


async def absorbed_by(uow: UnitOfWork, patient_id: UUID) -> Sequence[Patient]:
    """The records merged into this one."""
    statement = visible(uow).where(Patient.merged_into == patient_id).order_by(Patient.created_at)
    return (await uow.db.scalars(statement)).all()


async def lock_for_merge(
    uow: UnitOfWork, absorbed_id: UUID, survivor_id: UUID
) -> dict[UUID, Patient]:
    """Both records and what was merged into either, locked in the order of their ids.

    Merges and their reversals take turns, so that nobody waits for somebody who waits for them.
    """
    await uow.db.execute(ONE_MERGE_AT_A_TIME)
    both = (absorbed_id, survivor_id)
    statement = visible(uow).where(or_(Patient.id.in_(both), Patient.merged_into.in_(both)))
    found = await uow.db.scalars(locked(statement.order_by(Patient.id)))
    records = {record.id: record for record in found}
    for patient_id in both:
        if patient_id not in records:
            raise PatientNotFound(patient_id=patient_id)
    return records


async def get_merge(uow: UnitOfWork, merge_id: UUID, *, fresh: bool = False) -> PatientMerge:
    statement = (
        joined_to_patient(select(PatientMerge), PatientMerge.survivor_id)
        .where(PatientMerge.id == merge_id, visible_patients(uow))
        .execution_options(populate_existing=fresh)
    )
    merge = (await uow.db.execute(statement)).scalar_one_or_none()
    if merge is None:
        raise MergeNotFound(merge_id=merge_id)
    return merge


async def standing_merges(uow: UnitOfWork, survivor_id: UUID) -> Sequence[PatientMerge]:
    """Merges into this record that nobody took back."""
    statement = select(PatientMerge).where(
        PatientMerge.survivor_id == survivor_id, PatientMerge.reversed_at.is_(None)
    )
    return (await uow.db.scalars(statement.execution_options(populate_existing=True))).all()


async def merges_of(uow: UnitOfWork, patient_id: UUID) -> Sequence[PatientMerge]:
    """Every merge this person's records were part of, the latest first."""
    records = records_of(patient_id)
    concerned = or_(PatientMerge.survivor_id.in_(records), PatientMerge.absorbed_id.in_(records))
    statement = (
        joined_to_patient(select(PatientMerge), PatientMerge.survivor_id)
        .where(concerned, visible_patients(uow))
        .order_by(PatientMerge.merged_at.desc(), PatientMerge.id)
    )
    return (await uow.db.scalars(statement)).all()


async def hold_birth_date(uow: UnitOfWork, day: date) -> None:
    """Two desks registering the same person at once take turns."""
    await uow.db.execute(ONE_BIRTH_DATE_AT_A_TIME, {"key": f"patients.birth_date:{day}"})
