"""Whether what would suit a patient makes sense here."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from app import identity
from app.infra.uow import UnitOfWork
from app.scheduling import availability
from app.scheduling.waiting_list.errors import Fault, WishUnfit

WISHES = frozenset(
    {
        "visit_type_id",
        "practitioner_id",
        "specialty",
        "from_minute",
        "until_minute",
        "not_before",
        "not_after",
    }
)


async def require_sense(
    uow: UnitOfWork, told: dict[str, Any], *, said: Collection[str] = WISHES
) -> None:
    """Refuse a wish nobody could ever fulfil, naming every field at fault.

    `told`: columns of an entry as they are to be; the specialty is put into the words used here.
    `said`: those that are new; a last day that has passed since may stay. Raises `WishUnfit`.
    """
    faults = await faults_of_whom(uow, told)
    faults += await faults_of_type(uow, told)
    first_day = uow.today if "not_after" in said else None
    faults += faults_of_days(told.get("not_before"), told.get("not_after"), first_day)
    if faults:
        raise WishUnfit(errors=faults)


async def faults_of_whom(uow: UnitOfWork, told: dict[str, Any]) -> list[Fault]:
    practitioner_id, specialty = told.get("practitioner_id"), told.get("specialty")
    if practitioner_id is None and specialty is None:
        return []
    if practitioner_id is not None and specialty is not None:
        return [fault("specialty", "Name a doctor or a specialty, not both.", "one_of_both")]
    doctors = await identity.list_practitioners(uow)
    if specialty is None:
        if practitioner_id in {doctor.id for doctor in doctors}:
            return []
        why = "Nobody who sees patients here has that id."
        return [fault("practitioner_id", why, "practitioner_known")]
    known = {doctor.specialty.lower(): doctor.specialty for doctor in doctors if doctor.specialty}
    if specialty.lower() not in known:
        return [fault("specialty", "No doctor here has that specialty.", "specialty_known")]
    told["specialty"] = known[specialty.lower()]
    return []


async def faults_of_type(uow: UnitOfWork, told: dict[str, Any]) -> list[Fault]:
    types = {each.id: each for each in await availability.list_visit_types(uow)}
    visit_type = types.get(told["visit_type_id"])
    if visit_type is None:
        return [fault("visit_type_id", "No visit type in use has that id.", "visit_type_known")]
    faults = []
    if not await is_offered(uow, visit_type.id, told.get("practitioner_id")):
        why = "This doctor does not offer that type of visit."
        faults.append(fault("visit_type_id", why, "visit_type_offered"))
    opens, closes = told.get("from_minute"), told.get("until_minute")
    if opens is not None and closes is not None and closes - opens < visit_type.duration_minutes:
        why = f"A visit of {visit_type.duration_minutes} minutes does not fit between these times."
        faults.append(fault("until_time", why, "long_enough"))
    return faults


async def is_offered(uow: UnitOfWork, visit_type_id: UUID, practitioner_id: UUID | None) -> bool:
    doctors = await availability.offers(uow, visit_type_id)
    return practitioner_id is None or doctors is None or practitioner_id in doctors


def faults_of_days(
    not_before: date | None, not_after: date | None, today: date | None
) -> list[Fault]:
    if not_after is None:
        return []
    if not_before is not None and not_after < not_before:
        return [fault("not_after", "The last day lies before the first.", "days_in_order")]
    if today is not None and not_after < today:
        return [fault("not_after", "The last day is over.", "date_not_in_past")]
    return []


def fault(field: str, why: str, rule: str) -> Fault:
    return Fault(at=["body", field], why=why, rule=rule)
