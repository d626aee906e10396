"""Every statement that touches the tables of safety plans."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.dialects.postgresql import insert

from app.crisis.safety_plans.errors import SafetyPlanNotFound, SafetyPlanVersionNotFound
from app.crisis.safety_plans.lifecycle import PlanStatus
from app.crisis.safety_plans.models import (
    CrisisService,
    SafetyPlan,
    SafetyPlanMove,
    SafetyPlanVersion,
)
from app.infra.uow import UnitOfWork
from app.patients import Patient, joined_to_patient, records_of, visible_patients

OF_CURRENT = and_(
    SafetyPlanVersion.plan_id == SafetyPlan.id, SafetyPlanVersion.status == PlanStatus.CURRENT
)


def visible(uow: UnitOfWork) -> Select[SafetyPlan]:
    joined = joined_to_patient(select(SafetyPlan), SafetyPlan.patient_id)
    return joined.where(visible_patients(uow))


async def get(uow: UnitOfWork, plan_id: UUID, *, lock: bool = False) -> SafetyPlan:
    statement = visible(uow).where(SafetyPlan.id == plan_id)
    if lock:
        statement = statement.with_for_update(of=SafetyPlan, key_share=True)
        statement = statement.execution_options(populate_existing=True)
    plan = (await uow.db.execute(statement)).scalar_one_or_none()
    if plan is None:
        raise SafetyPlanNotFound(plan_id=plan_id)
    return plan


async def add_unless_there(uow: UnitOfWork, **columns: Any) -> None:
    await uow.db.execute(insert(SafetyPlan).values(**columns).on_conflict_do_nothing())


async def of_patient(uow: UnitOfWork, patient_id: UUID) -> Sequence[SafetyPlan]:
    """Of all records of this person: one in use first, then the one of the record that counts."""
    statement = (
        visible(uow)
        .outerjoin(SafetyPlanVersion, OF_CURRENT)
        .where(SafetyPlan.patient_id.in_(records_of(patient_id)))
        .order_by(
            SafetyPlanVersion.published_at.desc().nulls_last(),
            (SafetyPlan.patient_id == Patient.id).desc(),
            SafetyPlan.begun_at,
        )
    )
    return (await uow.db.scalars(statement)).all()


async def current_versions(
    uow: UnitOfWork, plan_ids: Collection[UUID]
) -> dict[UUID, SafetyPlanVersion]:
    statement = select(SafetyPlanVersion).where(
        SafetyPlanVersion.plan_id.in_(plan_ids), SafetyPlanVersion.status == PlanStatus.CURRENT
    )
    statement = statement.execution_options(populate_existing=True)
    return {row.plan_id: row for row in await uow.db.scalars(statement)}


async def version(uow: UnitOfWork, plan_id: UUID, number: int) -> SafetyPlanVersion:
    found = await uow.db.get(SafetyPlanVersion, (plan_id, number), populate_existing=True)
    if found is None:
        raise SafetyPlanVersionNotFound(plan_id=plan_id, number=number)
    return found


async def versions(
    uow: UnitOfWork, plan_id: UUID, *, before: int | None, limit: int
) -> Sequence[SafetyPlanVersion]:
    """The latest first, one row more than asked for."""
    statement = select(SafetyPlanVersion).where(SafetyPlanVersion.plan_id == plan_id)
    if before is not None:
        statement = statement.where(SafetyPlanVersion.number < before)
    statement = statement.order_by(SafetyPlanVersion.number.desc()).limit(limit + 1)
    return (await uow.db.scalars(statement)).all()


async def reasons(uow: UnitOfWork, plan_id: UUID) -> dict[int, str]:
    """Why versions were withdrawn, by number."""
    statement = select(SafetyPlanMove).where(
        SafetyPlanMove.plan_id == plan_id, SafetyPlanMove.to_status == PlanStatus.WITHDRAWN
    )
    return {move.number: move.reason or "" for move in await uow.db.scalars(statement)}


async def services(uow: UnitOfWork, on: date) -> Sequence[CrisisService]:
    """Those in effect that day, in the order in which they are offered."""
    statement = (
        select(CrisisService)
        .where(CrisisService.effective_from <= on)
        .where(or_(CrisisService.effective_to.is_(None), CrisisService.effective_to >= on))
        .order_by(CrisisService.position, CrisisService.id)
    )
    return (await uow.db.scalars(statement)).all()


POINTERS: dict[str, Any] = {
    "safety_plan_drafts": SafetyPlan.id,
    "safety_plan_versions": SafetyPlanVersion.document_id,
}


async def known_texts(uow: UnitOfWork, name: str, ids: Collection[UUID]) -> set[UUID]:
    """Those of the texts of a collection to which something points."""
    pointer = POINTERS[name]
    return set((await uow.db.scalars(select(pointer).where(pointer.in_(ids)))).all())
