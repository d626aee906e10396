"""Taking the next item of a queue in one trip: who may, the claim, and everything it leaves behind.

Fifty people take from one queue at once, so what it costs counts. The statement is built once; it
writes the same history, event and trace as every other claim does through `tell` and `trace`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, DateTime, Text, Uuid, bindparam, column, text

from app.infra.prepared import Prepared
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.patients import hidden_in_sql
from app.work_queues.items.models import WorkItem
from app.work_queues.items.policies import WORKERS
from app.work_queues.rosters import SUPERVISORS

COLUMNS = tuple(WorkItem.__table__.columns)
NAMES = ", ".join(f"taken.{each.name}" for each in COLUMNS)
# Nobody is handed what is about somebody they may not see.
COUNTING = "(select coalesce(merged_into, id) from patients where id = waiting.patient_id)"
HIDDEN = hidden_in_sql(COUNTING, ":holder", ":at")
SENTENCE = """
with mine as (
    select pool_id as id from pool_members
    where user_id = :holder and pool_id in (:pool, :supervisors)
    union all select id from pools where id in (:pool, :supervisors) and role = any(:roles)
),
may as (select :everything or exists (select from mine) as allowed),
taken as (
    update work_items set holder_id = :holder, held_since = :at, lease_until = :until,
        status = case kind when 'task' then 'in-progress' else status end, version = version + 1
    where holder_id is null and status in ('ready', 'triggered') and id = (
        select waiting.id from work_items as waiting
        where waiting.pool_id = :pool and waiting.holder_id is null
            and waiting.status in ('ready', 'triggered')
            and (waiting.assignee_id is null or waiting.assignee_id = :holder)
            and (select allowed from may)
            and (:everything or not {hidden})
        order by waiting.severity_rank, waiting.turn_at, waiting.created_at, waiting.id
        limit 1 for no key update skip locked)  -- one being commented on is not busy
    returning *
),
moved as (
    insert into work_item_moves (item_id, change, from_status, to_status, to_holder, moved_by,
        moved_at)
    select id, 'claimed', case kind when 'task' then 'ready' else 'triggered' end, status,
        holder_id, :holder, :at from taken
),
said as (
    insert into queue_events (item_id, change, kind, severity, status, pool_id, assignee_id,
        holder_id, version, told, occurred_at)
    select id, 'claimed', kind, severity, status, pool_id, assignee_id, holder_id, version,
        array(select distinct each from unnest(called || created_by) as each order by each), :at
    from taken
),
traced as (
    insert into audit_events (occurred_at, actor_id, actor_role, action, outcome, patient_id,
        subject_type, subject_id, address, request_id)
    select :at, :holder, :role, kind || '.claim', 'success', patient_id, 'work_item', id,
        :address, :request_id from taken
)
select may.allowed, """  # the columns of an item follow
PARAMETERS = [
    *(bindparam(name, type_=Uuid) for name in ("pool", "supervisors", "holder", "request_id")),
    *(bindparam(name, type_=DateTime(timezone=True)) for name in ("at", "until")),
    *(bindparam(name, type_=Text) for name in ("role", "address")),
    bindparam("roles", type_=ARRAY(Text)),
    bindparam("everything", type_=Boolean),
]
ALLOWED = column("allowed", Boolean)


def row_of(told: Sequence[Any]) -> tuple[bool, WorkItem | None]:
    """Whether one may, and the item; without one all its columns are null."""
    allowed, *values = told
    said = {each.key: value for each, value in zip(COLUMNS, values, strict=True)}
    return allowed, WorkItem(**said) if said["id"] else None


# Columns of ours behind a sentence of ours.
TAKE_NEXT = Prepared(
    text(f"{SENTENCE.replace('{hidden}', HIDDEN)}{NAMES} from may left join taken on true")
    .bindparams(*PARAMETERS)
    .columns(ALLOWED, *COLUMNS),
    row_of,
)


async def take_next(
    uow: UnitOfWork, pool_id: UUID, until: datetime
) -> tuple[bool, WorkItem | None]:
    """Whether the actor may take from this queue, and what they have taken."""
    roles = uow.actor.roles
    asked = {
        "pool": pool_id,
        "supervisors": SUPERVISORS,
        "holder": uow.actor.id,
        "roles": [role.value for role in roles if role in WORKERS],
        "everything": Role.SYSTEM in roles,
        "role": min(roles, default="stranger"),
        "at": uow.now,
        "until": until,
        "address": uow.origin.address,
        "request_id": uow.origin.request_id,
    }
    answer = await uow.line.ask_one(TAKE_NEXT, asked)
    assert answer is not None
    allowed, taken = answer
    return allowed, await uow.line.adopt_known(taken) if taken else None
