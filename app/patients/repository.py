"""Every statement that touches the patients table."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, collate, func, select, text, tuple_

from app.infra.uow import UnitOfWork
from app.kernel.paging import CursorUnreadable
from app.patients.errors import PatientNotFound
from app.patients.models import Patient
from app.patients.pages import NamePage
from app.patients.search_text import grams_of
from app.patients.visibility import visible_patients

# What patients are searched by begins with family and given name, then the birth date; in bytes,
# so that every server sorts alike. Cut, because an index entry must fit on a page.
NAME_ORDER = (collate(func.left(Patient.search_text, 200), "C"), Patient.id)
NEXT_NUMBER = text("select 'MRN-' || nextval('patient_record_numbers')")
ONE_BIRTH_DATE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended(:key, 0))")


def visible(uow: UnitOfWork) -> Select[Patient]:
    return select(Patient).where(visible_patients(uow.actor))


async def get(uow: UnitOfWork, patient_id: UUID, *, lock: bool = False) -> Patient:
    statement = visible(uow).where(Patient.id == patient_id)
    if lock:
        # Rows that point at this patient may still be written meanwhile.
        statement = statement.with_for_update(key_share=True)
        statement = statement.execution_options(populate_existing=True)
    patient = (await uow.db.execute(statement)).scalar_one_or_none()
    if patient is None:
        raise PatientNotFound(patient_id=patient_id)
    return patient


async def add(uow: UnitOfWork, patient: Patient) -> None:
    patient.mrn = (await uow.db.execute(NEXT_NUMBER)).scalar_one()
    patient.refresh_search_text()
    uow.db.add(patient)
    await uow.db.flush()


async def search(uow: UnitOfWork, words: Sequence[str], page: NamePage) -> Sequence[Patient]:
    """One row more than the page holds, in the order of names."""
    statement = visible(uow)
    if words:
        statement = statement.where(Patient.search_grams.contains(grams_of(words)))
    for word in words:
        statement = statement.where(Patient.search_text.contains(word, autoescape=True))
    if page.after is not None:
        statement = statement.where(tuple_(*NAME_ORDER) > tuple_(*await place_of(uow, page.after)))
    return (await uow.db.scalars(statement.order_by(*NAME_ORDER).limit(page.limit + 1))).all()


async def place_of(uow: UnitOfWork, patient_id: UUID) -> tuple[str, UUID]:
    """Where a patient stands in the order of names."""
    statement = select(*NAME_ORDER).where(Patient.id == patient_id, visible_patients(uow.actor))
    row = (await uow.db.execute(statement)).one_or_none()
    if row is None:
        raise CursorUnreadable
    return row[0], row[1]


async def born_on(uow: UnitOfWork, days: Sequence[date]) -> Sequence[Patient]:
    statement = visible(uow).where(Patient.birth_date.in_(days)).order_by(Patient.created_at)
    return (await uow.db.scalars(statement)).all()


async def hold_birth_date(uow: UnitOfWork, day: date) -> None:
    """Two desks registering the same person at once take turns."""
    await uow.db.execute(ONE_BIRTH_DATE_AT_A_TIME, {"key": f"patients.birth_date:{day}"})
