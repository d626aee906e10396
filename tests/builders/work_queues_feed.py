"""Sessions, and events of the feed by the thousand, for tests."""

from uuid import UUID

from sqlalchemy import text

from app import identity
from app.identity.service import open_session
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues import items

NURSES = UUID("00000000-0000-4000-8000-0000000000a1")
DOCTORS = UUID("00000000-0000-4000-8000-0000000000a2")
RECEPTION = UUID("00000000-0000-4000-8000-0000000000a3")
SETUP = Actor.system("test-setup")

MANY = text(
    "insert into queue_events (item_id, change, kind, severity, status, pool_id, version,"
    " occurred_at) select :item, 'edited', 'task', 'medium', 'ready', :pool, :first + n, now()"
    " from generate_series(0, :many - 1) n"
)


async def a_session(works: Works, actor: Actor) -> UUID:
    """Somebody is signed in once more."""
    async with works.begin(SETUP) as uow:
        user = await identity.get_user(uow, actor.id)
        kind = identity.SessionKind.API
        return (await open_session(uow, user, kind=kind, user_agent=None)).session.id


async def an_item(
    works: Works, pool_id: UUID = NURSES, *, assignee: Actor | None = None
) -> items.WorkItem:
    """A task, and one event that says it is there."""
    new = items.NewItem(
        kind=items.ItemKind.TASK,
        type="task",
        severity=items.Severity.MEDIUM,
        title="Change the dressing",
        pool_id=pool_id,
        assignee_id=assignee.id if assignee else None,
    )
    async with works.begin(SETUP) as uow:
        item, _ = await items.open_item(uow, new)
    return item


async def many_events(
    works: Works, item: items.WorkItem, many: int, *, first: int = 1, in_each: int = 100
) -> None:
    """So many changes of one item, told apart by their version, a hundred in a transaction."""
    for begin in range(0, many, in_each):
        some = min(in_each, many - begin)
        asked = {"item": item.id, "pool": item.pool_id, "first": first + begin, "many": some}
        async with works.sessions.begin() as db:
            await db.execute(MANY, asked)
    await works.stores.wakeups.wake(items.QUEUES)
