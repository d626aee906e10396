"""At volume no list, count or board of the queues reads a large table from end to end.

Another statement is one more line in `STATEMENTS`: what sends it, given a unit of work.
"""

import asyncio
import hashlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, text

from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor, Role
from app.work_queues import boards, items, queues
from app.work_queues.items import ItemKind, Severity
from app.work_queues.queues import COUNTED_UP_TO, Due, PageOfQueue, Place, QueueFilter, QueueState
from tests.fixtures.statements import heard
from tests.fixtures.stores import Databases
from tests.scheduling.calendar.plans import LookedEnough, Work, of_json
from tests.work_queues.queues.volume import FILL, NURSES

LARGE = {
    "work_items",
    "work_item_moves",
    "work_item_comments",
    "task_checklist_items",
    "patients",
}
MOST_ROWS = 15_000  # that one statement may touch, of two hundred thousand
MOST_COUNTED = 14 * 4 * COUNTED_UP_TO  # four numbers for each of fourteen pools


def md5(name: str) -> UUID:
    return UUID(hashlib.md5(name.encode(), usedforsecurity=False).hexdigest())


NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NURSE = Actor(id=md5("u0"), name="Number 0", roles=frozenset({Role.NURSE}))
BOSS = Actor(id=md5("u3"), name="Number 3", roles=frozenset({Role.ADMIN}))
POOL = UUID(NURSES)
FIRST = PageOfQueue()
LATER = PageOfQueue(after=Place(2, NOW, NOW, UUID(int=0)))


@pytest.fixture(scope="module")
def database_url(databases: Databases, migrated_template: str) -> Iterator[str]:
    """One full database for all tests of this module, which leave it as it is."""
    with databases.filled(migrated_template, FILL) as url:
        yield url


def listing(page: PageOfQueue = FIRST, **wanted: Any) -> Work:
    async def work(uow: UnitOfWork) -> None:
        await queues.list_items(uow, QueueFilter(**wanted), page)

    return work


LISTS: dict[str, Work] = {
    "everything": listing(),
    "a later page": listing(LATER),
    "mine": listing(mine=True),
    "a pool": listing(pool=[POOL]),
    "a pool, a later page": listing(LATER, pool=[POOL]),
    "a patient": listing(patient_id=md5("p4")),
    "alerts": listing(kind=ItemKind.ALERT),
    "tasks": listing(kind=ItemKind.TASK),
    "a type nobody has": listing(type="note.draft"),
    "a rare type": listing(type="alert"),
    "low": listing(severity=[Severity.LOW]),
    "high and low, a later page": listing(LATER, severity=[Severity.HIGH, Severity.LOW]),
    "waiting": listing(state=QueueState.WAITING),
    "held": listing(state=QueueState.HELD),
    "snoozed": listing(state=QueueState.SNOOZED),
    "blocked": listing(state=QueueState.BLOCKED),
    "closed": listing(state=QueueState.CLOSED),
    "overdue": listing(due=Due.OVERDUE),
    "within the hour, low": listing(due=Due.HOUR, severity=[Severity.LOW]),
    "today, in a pool": listing(due=Due.TODAY, pool=[POOL]),
}
STATEMENTS: dict[str, Work] = {
    **LISTS,
    "counts": queues.counts,
    "next": lambda uow: items.claim_next(uow, POOL),
    "one": lambda uow: items.claim(uow, md5("w1")),
    "leases": items.renew_leases,
}


async def touched(works: Works, actor: Actor, work: Work) -> dict[str, tuple[float, bool]]:
    """What each statement touches of the large tables: rows, and whether by a scan of all."""
    found: dict[str, tuple[float, bool]] = {}
    async with heard(works) as sent:
        with suppress(LookedEnough):
            async with works.begin(actor) as uow:
                await work(uow)
                await asyncio.sleep(0)  # the driver tells of what it sent a moment later
                for sql, arguments, _ in list(sent):
                    explained = f"explain (analyze, timing off, format json) {sql}"
                    plan = await uow.line.driver.fetchval(explained, *arguments)
                    add_up(found, of_json(plan)[0]["Plan"])
                raise LookedEnough
    return found


def add_up(found: dict[str, tuple[float, bool]], plan: dict[str, Any]) -> None:
    for node in nodes(plan):
        table = node.get("Relation Name")
        if table in LARGE:
            removed = node.get("Rows Removed by Filter", 0)
            rows = (node["Actual Rows"] + removed) * node["Actual Loops"]
            whole = node["Node Type"] == "Seq Scan"
            before = found.get(table, (0, False))
            found[table] = (before[0] + rows, before[1] or whole)


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from nodes(child)


@pytest.mark.parametrize("who", [NURSE, BOSS], ids=["nurse", "supervisor"])
@pytest.mark.parametrize("what", STATEMENTS)
async def test_it_costs_a_page_and_not_the_queue(works: Works, who: Actor, what: str) -> None:
    found = await touched(works, who, STATEMENTS[what])
    assert "work_items" in found
    scanned = {table for table, (_, whole) in found.items() if whole}
    assert scanned == set(), found
    most = MOST_COUNTED if what == "counts" else MOST_ROWS
    assert found["work_items"][0] <= most, found


async def test_the_board_asks_as_often_however_much_there_is(works: Works) -> None:
    sent: list[str] = []
    async with works.begin(BOSS) as uow:
        connection = (await uow.db.connection()).sync_connection
        event.listen(connection, "before_cursor_execute", lambda *args: sent.append(args[2]))
        await boards.board(uow)
    assert len([each for each in sent if "work_items" in each]) == 4
    assert len(sent) <= 16


async def test_a_scan_would_be_seen(works: Works) -> None:
    async def count(uow: UnitOfWork) -> None:
        await uow.db.execute(text("select count(*) from work_items where title like '%x'"))

    assert (await touched(works, NURSE, count))["work_items"] == (
        pytest.approx(200_000, abs=9),
        True,
    )
