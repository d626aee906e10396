"""Whether somebody to be registered may be here already."""

from collections.abc import Sequence
from datetime import date

from app import audit
from app.infra.uow import UnitOfWork
from app.patients import repository
from app.patients.models import Patient
from app.patients.search_text import same_words

LAST_MONTH = 12


async def possible_duplicates(
    uow: UnitOfWork, *, given: str, family: str, birth_date: date
) -> list[Patient]:
    """Patients who may be this person: born that day, and a name in common.

    Day and month the other way round count as the same day, given and family name the other
    way round as the same name. A person is compared by the records merged into theirs as well.
    Twins are found too; a person decides.
    """
    candidates = await repository.born_on(uow, [birth_date, *other_way_round(birth_date)])
    alike = [patient for patient in candidates if shares_a_name(patient, given, family)]
    found = await those_who_count(uow, alike)
    await audit.record(
        uow, "patient.compare", detail={"patients": [str(patient.id) for patient in found]}
    )
    return found


async def those_who_count(uow: UnitOfWork, found: Sequence[Patient]) -> list[Patient]:
    """Of records merged into others, these others: once each."""
    merged = {record.merged_into for record in found if record.merged_into is not None}
    counting = [record for record in found if record.merged_into is None]
    missing = merged - {record.id for record in counting}
    return [*counting, *(await repository.of_ids(uow, missing) if missing else ())]


def shares_a_name(patient: Patient, given: str, family: str) -> bool:
    pairs = (
        (patient.family_name, family),
        (patient.given_name, given),
        (patient.family_name, given),
        (patient.given_name, family),
    )
    return any(same_words(one, other) for one, other in pairs)


def other_way_round(day: date) -> list[date]:
    """4 July as 7 April: the commonest slip in writing a date."""
    return [day.replace(month=day.day, day=day.month)] if day.day <= LAST_MONTH else []
