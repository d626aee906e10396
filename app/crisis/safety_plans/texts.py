"""Every statement that touches the texts of safety plans in Mongo."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

from beanie import Document
from pydantic import ValidationError
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import DuplicateKeyError

from app import audit
from app.crisis.safety_plans.documents import PlanWorkingCopy, PublishedPlan, sha256_of, stored
from app.crisis.safety_plans.errors import SafetyPlanDamaged
from app.crisis.safety_plans.models import SafetyPlanVersion
from app.crisis.safety_plans.schemas import PlanContent
from app.infra.uow import UnitOfWork

Raw = dict[str, Any]


def collection(uow: UnitOfWork, kind: type[Document]) -> AsyncCollection[Raw]:
    return uow.stores.documents[kind.Settings.name]


async def begin(uow: UnitOfWork, copy: PlanWorkingCopy) -> None:
    """Store the first working copy; one that is there already is kept.

    It is touched then, so that the sweeper of orphans leaves it alone while its header is written.
    """
    drafts = collection(uow, PlanWorkingCopy)
    try:
        await drafts.insert_one(stored(copy))
    except DuplicateKeyError:
        await drafts.update_one({"_id": copy.id}, {"$set": {"updated_at": uow.now}})


async def working_copies(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, PlanWorkingCopy]:
    """By plan. One that is missing or unreadable is refused, and told."""
    wanted = list(ids)
    found: dict[UUID, PlanWorkingCopy] = {}
    async for raw in collection(uow, PlanWorkingCopy).find({"_id": {"$in": wanted}}):
        try:
            found[raw["_id"]] = PlanWorkingCopy.model_validate(raw)
        except ValidationError:
            continue
    for plan_id in wanted:
        if plan_id not in found:
            await tell_damage(uow, plan_id, "working copy")
    return found


async def exchange(uow: UnitOfWork, copy: PlanWorkingCopy, *, seen: int) -> bool:
    """Replace version `seen`, and only that one; False when it is not the current one."""
    replaced = await collection(uow, PlanWorkingCopy).find_one_and_replace(
        {"_id": copy.id, "version": seen}, stored(copy), projection={"_id": True}
    )
    return replaced is not None


async def freeze(uow: UnitOfWork, document: PublishedPlan) -> None:
    """Store a published text; the same content twice is stored once."""
    try:
        await collection(uow, PublishedPlan).insert_one(stored(document))
    except DuplicateKeyError:
        # It may be an orphan of a crash, which the sweeper must now leave alone.
        touched = {"$set": {"published_at": document.published_at}}
        await collection(uow, PublishedPlan).update_one({"_id": document.id}, touched)


async def published(uow: UnitOfWork, row: SafetyPlanVersion) -> PlanContent:
    """A published text, hashed again; raises `SafetyPlanDamaged` when it is another one."""
    raw = await collection(uow, PublishedPlan).find_one({"_id": row.document_id})
    try:
        content: PlanContent = PublishedPlan.model_validate(raw).content
    except ValidationError:
        await tell_damage(uow, row.plan_id, f"version {row.number}")
    if sha256_of(row.plan_id, row.number, content) != row.content_sha256:
        await tell_damage(uow, row.plan_id, f"version {row.number}")
    return content


async def tell_damage(uow: UnitOfWork, plan_id: UUID, what: str) -> NoReturn:
    """Put it on the audit trail, where it outlives the refusal, and refuse."""
    async with uow.aside() as telling:
        await audit.record(
            telling,
            "safety-plan.damage",
            outcome=audit.Outcome.FAILED,
            subject=("safety_plan", plan_id),
            detail={"what": what},
        )
    raise SafetyPlanDamaged(plan_id=plan_id)


async def older_than(
    uow: UnitOfWork,
    kind: type[Document],
    age_field: str,
    before: datetime,
    *,
    after: UUID | None,
    limit: int,
) -> list[UUID]:
    """Ids of stored texts that were not touched since, in the order of ids."""
    wanted: Raw = {age_field: {"$lt": before}}
    if after is not None:
        wanted["_id"] = {"$gt": after}
    found = collection(uow, kind).find(wanted, {"_id": True})
    return [raw["_id"] async for raw in found.sort("_id", 1).limit(limit)]


async def remove(
    uow: UnitOfWork, kind: type[Document], document_id: UUID, age_field: str, before: datetime
) -> int:
    """Remove a text unless it was touched meanwhile; returns how many were removed."""
    wanted = {"_id": document_id, age_field: {"$lt": before}}
    return (await collection(uow, kind).delete_one(wanted)).deleted_count
