"""Looking at safety plans."""

import base64
import binascii
from uuid import UUID

from app import audit, patients
from app.crisis.safety_plans import policies, reading, repository, texts
from app.crisis.safety_plans.schemas import (
    SafetyPlanOut,
    ServiceOut,
    VersionOut,
    VersionPage,
    WholeVersion,
)
from app.infra.uow import UnitOfWork
from app.kernel.paging import CursorUnreadable


async def plans_of(uow: UnitOfWork, patient_id: UUID) -> list[SafetyPlanOut]:
    """The patient's plan, or none; of records that were merged there may be two.

    Raises `PatientNotFound`.
    """
    policies.require_clinician(uow)
    patient = await patients.get_patient(uow, patient_id)
    found = await repository.of_patient(uow, patient.id)
    await audit.record(
        uow,
        "safety-plan.list",
        patient_id=patient.id,
        detail={"plans": [str(plan.id) for plan in found]},
    )
    return await reading.put_together(uow, found)


async def read_plan(uow: UnitOfWork, plan_id: UUID) -> SafetyPlanOut:
    """Raises `SafetyPlanNotFound`."""
    policies.require_clinician(uow)
    plan = await repository.get(uow, plan_id)
    await reading.record(uow, "read", plan.patient_id, plan.id)
    return (await reading.put_together(uow, [plan]))[0]


async def current_version(uow: UnitOfWork, patient_id: UUID) -> VersionOut | None:
    """The version in use, for other verbs to build on; leaves no trace: the verb that uses it does.

    Without its text. None: the patient has no plan in use.
    """
    plans = {plan.id: plan for plan in await repository.of_patient(uow, patient_id)}
    current = await repository.current_versions(uow, plans)
    for plan_id, plan in plans.items():
        if plan_id in current:
            return reading.version_out(plan, current[plan_id])
    return None


async def list_versions(
    uow: UnitOfWork, plan_id: UUID, *, cursor: str | None = None, limit: int = 25
) -> VersionPage:
    """What was published, the latest first; raises `SafetyPlanNotFound`, `CursorUnreadable`."""
    policies.require_clinician(uow)
    plan = await repository.get(uow, plan_id)
    before = number_in(cursor) if cursor else None
    rows = await repository.versions(uow, plan.id, before=before, limit=limit)
    why = await repository.reasons(uow, plan.id)
    shown = rows[:limit]
    await reading.record(uow, "list-versions", plan.patient_id, plan.id)
    return VersionPage(
        items=[reading.version_out(plan, row, why.get(row.number)) for row in shown],
        next_cursor=cursor_after(shown[-1].number) if len(rows) > limit else None,
    )


async def read_version(uow: UnitOfWork, plan_id: UUID, number: int) -> WholeVersion:
    """A published version with its text.

    Raises `SafetyPlanNotFound`, `SafetyPlanVersionNotFound`, `SafetyPlanDamaged`.
    """
    policies.require_clinician(uow)
    plan = await repository.get(uow, plan_id)
    row = await repository.version(uow, plan.id, number)
    content = await texts.published(uow, row)
    why = await repository.reasons(uow, plan.id)
    told = reading.version_out(plan, row, why.get(number))
    await reading.record(uow, "read-version", plan.patient_id, plan.id, version=number)
    return WholeVersion(**told.model_dump(), content=content)


async def crisis_services(uow: UnitOfWork) -> list[ServiceOut]:
    """Services anybody may turn to today; nothing about a patient, so no trace."""
    policies.require_clinician(uow)
    return [ServiceOut.model_validate(one) for one in await repository.services(uow, uow.today)]


def cursor_after(number: int) -> str:
    return base64.urlsafe_b64encode(str(number).encode()).decode()


def number_in(cursor: str) -> int:
    try:
        number = int(base64.urlsafe_b64decode(cursor.encode("ascii")))
    except (ValueError, binascii.Error) as error:
        raise CursorUnreadable from error
    if not 0 < number < 2**31:
        raise CursorUnreadable
    return number
