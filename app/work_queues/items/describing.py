"""An item as people see it: with the names of everybody and everything in it."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app import identity
from app.infra.uow import UnitOfWork
from app.patients import Patient, joined_to_patient
from app.work_queues.items.claiming import trace
from app.work_queues.items.lifecycle import ASIDE, CLAIMABLE
from app.work_queues.items.models import WorkItem, WorkItemMove
from app.work_queues.items.queries import find_item, moves_of
from app.work_queues.items.reach import Reach, reach_of
from app.work_queues.items.remarks import Remarks, remarks_of
from app.work_queues.items.schemas import (
    CommentOut,
    History,
    ItemKind,
    LinkOut,
    MoveOut,
    PatientNamed,
    Person,
    PoolNamed,
    Severity,
)
from app.work_queues.rosters import Pool

Names = dict[UUID, str]
# What is shown of an item as it is in its row.
PLAIN = (
    "id", "kind", "type", "status", "severity", "title", "body", "held_since", "lease_until",
    "subject_type", "subject_id", "due_at", "snoozed_until", "acknowledged_until", "occurrences",
    "last_occurred_at", "cycle", "escalation_level", "created_at", "closed_at", "version",
)  # fmt: skip


async def read_item(uow: UnitOfWork, item_id: UUID, *, kind: ItemKind) -> WorkItem:
    """Somebody looks at an item; raises `ItemNotFound`."""
    item = await find_item(uow, item_id, kind=kind)
    await trace(uow, "read", item)
    return item


async def described(uow: UnitOfWork, item: WorkItem) -> dict[str, Any]:
    """The fields of an `ItemOut`; those of its kind the slice above adds. Audits nothing."""
    remarks = await remarks_of(uow, item)
    names = await identity.names_of(uow, people_in(item, remarks))
    return {
        **{name: getattr(item, name) for name in PLAIN},
        "pool": await pool_of(uow, item.pool_id),
        "assignee": person(names, item.assignee_id),
        "holder": person(names, item.holder_id),
        "patient": await patient_of(uow, item),
        "created_by": named(names, item.created_by),
        "comments": [
            CommentOut(
                text=each.text,
                written_by=named(names, each.written_by),
                written_at=each.written_at,
            )
            for each in remarks.comments
        ],
        "links": [
            LinkOut(
                id=each.id,
                url=each.url,
                label=each.label,
                added_by=named(names, each.added_by),
                added_at=each.added_at,
            )
            for each in remarks.links
        ],
        "moves": moves_for(await reach_of(uow), item),
    }


def people_in(item: WorkItem, remarks: Remarks) -> set[UUID]:
    ids = {item.assignee_id, item.holder_id, item.created_by}
    ids |= {each.written_by for each in remarks.comments} | {
        each.added_by for each in remarks.links
    }
    return {each for each in ids if each is not None}


def named(names: Names, user_id: UUID) -> Person:
    return Person(id=user_id, name=names.get(user_id))


def person(names: Names, user_id: UUID | None) -> Person | None:
    return None if user_id is None else named(names, user_id)


async def pool_of(uow: UnitOfWork, pool_id: UUID) -> PoolNamed:
    pool = await uow.db.get_one(Pool, pool_id)
    return PoolNamed(id=pool.id, key=pool.key, name=pool.name)


async def patient_of(uow: UnitOfWork, item: WorkItem) -> PatientNamed | None:
    """By the record that counts, whichever it was written under."""
    if item.patient_id is None:
        return None
    of_item = select(Patient).select_from(WorkItem).where(WorkItem.id == item.id)
    patient = (await uow.db.scalars(joined_to_patient(of_item, WorkItem.patient_id))).one()  # type: ignore[arg-type]
    name = f"{patient.given_name} {patient.family_name}"
    return PatientNamed(id=patient.id, name=name, mrn=patient.mrn)


def moves_for(reach: Reach, item: WorkItem) -> list[str]:
    """The nouns of the API that the actor may create below this item, now, whatever its kind."""
    always = ["comments", "links"]
    if item.is_closed:
        return always
    held_elsewhere = item.holder_id not in {None, reach.actor_id}
    if held_elsewhere and not reach.everything:
        return [*always, "escalation"]
    if not reach.may_work(item):
        return [*always, "escalation"]
    found = [*always, "escalation", "handover"]
    if item.holder_id is None and item.status in CLAIMABLE:
        found.append("claim")
    if item.holder_id is not None:
        found.append("release")
    if item.severity is not Severity.CRITICAL and item.status != ASIDE[item.kind]:
        found.append("snooze")
    if item.snoozed_until is not None:
        found.append("wake")
    return found


async def history_of(uow: UnitOfWork, item_id: UUID, *, kind: ItemKind) -> History:
    """Everything that happened to an item, with names; raises `ItemNotFound`."""
    item = await find_item(uow, item_id, kind=kind)
    moves = await moves_of(uow, item.id)
    names = await identity.names_of(uow, people_of(moves))
    pools = await pool_names(uow, passed(moves, "to_pool"))
    await trace(uow, "read-history", item)
    return History(items=[shown_move(each, names, names | pools) for each in moves])


def people_of(moves: Sequence[WorkItemMove]) -> set[UUID]:
    ids = {each for move in moves for each in (move.from_holder, move.to_holder, move.moved_by)}
    return {each for each in ids if each is not None} | passed(moves, "to_user")


def passed(moves: Iterable[WorkItemMove], whom: str) -> set[UUID]:
    return {UUID(move.detail[whom]) for move in moves if whom in move.detail}


async def pool_names(uow: UnitOfWork, pool_ids: Collection[UUID]) -> Names:
    if not pool_ids:
        return {}
    rows = await uow.db.execute(select(Pool.id, Pool.name).where(Pool.id.in_(pool_ids)))
    return {row[0]: row[1] for row in rows}


def shown_move(move: WorkItemMove, names: Names, receivers: Names) -> MoveOut:
    to = move.detail.get("to_user") or move.detail.get("to_pool")
    return MoveOut(
        change=move.change,
        from_status=move.from_status,
        to_status=move.to_status,
        from_holder=person(names, move.from_holder),
        to_holder=person(names, move.to_holder),
        passed_to=receivers.get(UUID(to)) if to else None,
        detail=move.detail,
        reason=move.reason,
        moved_by=named(names, move.moved_by),
        moved_at=move.moved_at,
    )
