"""50 nurses' clients work off one queue through two API processes that are killed in turns.

DRA_CLAIM_ITEMS says how much there is; the whole storm is 20,000.
"""

import asyncio
import os
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import pytest
from sqlalchemy import text

from app import identity
from app.identity.service import open_session
from app.infra.postgres import POOL_SIZE
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from tests.builders.identity import a_user
from tests.builders.work_queues_queues import NURSES
from tests.faults.claim_storm import Storm, Told, work_off
from tests.faults.second_process import SecondProcess
from tests.fixtures.live_site import LiveSite, answers
from tests.fixtures.waiting import wait_until

pytestmark = pytest.mark.fault

CLIENTS = 50
ITEMS = int(os.environ.get("DRA_CLAIM_ITEMS", "1000"))
CONNECTIONS = POOL_SIZE  # of one process, each with one claim at most
COLLEAGUES = text(
    "insert into users (id, username, full_name, role, status, password_hash)"
    " select gen_random_uuid(), 'storm-nurse-' || i, 'Nurse Number ' || i, 'nurse', 'active',"
    " password_hash from users, generate_series(1, :more) i where username = 'storm-nurse-0'"
)
FILL = text(
    "insert into work_items (id, kind, type, status, severity, title, pool_id, due_at,"
    " last_occurred_at, created_by, created_at)"
    " select md5('storm' || i)::uuid, 'task', 'task', 'ready',"
    " (array['critical', 'high', 'medium', 'low'])[1 + i % 4], 'Storm', :pool,"
    " case when i % 3 > 0 then now() + (i * 7919 % 10007) * interval '1 minute' end,"
    " now(), :by, now() - (i * 104729 % 20011) * interval '1 second'"
    " from generate_series(1, :items) i"
)
IN_ORDER = text("select id from work_items order by severity_rank, turn_at, created_at, id")
STATUSES = text("select status, count(*) from work_items group by status")
MOVES = text(
    "select m.item_id, m.change, m.moved_at, u.username from work_item_moves m"
    " join users u on u.id = m.moved_by order by m.seq"
)


class Claimed(NamedTuple):
    item: str
    begun_at: datetime


@pytest.fixture
def processes(live_site: LiveSite) -> Iterator[list[SecondProcess]]:
    both = [SecondProcess(live_site), SecondProcess(live_site)]
    for each in both:
        each.start()
    for each in both:
        wait_until(lambda url=each.url: answers(url), within_seconds=180, what="a process")
    yield both
    for each in both:
        each.kill()


async def a_full_queue(works: Works) -> list[str]:
    """Returns a token for each nurse; all the items wait in their queue."""
    await a_user(works, Role.NURSE, username="storm-nurse-0")
    setup = Actor.system("test-setup")
    async with works.begin(setup) as uow:
        await uow.db.execute(COLLEAGUES, {"more": CLIENTS - 1})
        await uow.db.execute(FILL, {"pool": NURSES, "by": setup.id, "items": ITEMS})
    async with works.sessions.begin() as db:
        await db.execute(text("analyze work_items"))
    tokens = {}
    async with works.begin(setup) as uow:
        for user in await identity.list_users(uow):
            if user.username.startswith("storm-nurse-"):
                kind = identity.SessionKind.API
                opened = await open_session(uow, user, kind=kind, user_agent=None)
                tokens[int(user.username.rsplit("-", 1)[1])] = opened.token
    return [tokens[number] for number in range(CLIENTS)]


def test_everything_is_done_once_and_in_its_turn(
    live_site: LiveSite, processes: list[SecondProcess]
) -> None:
    tokens = live_site.run(a_full_queue)
    storm = Storm(
        urls=[f"{each.url}/api/v1" for each in processes], tokens=tokens, pool="nurses", items=ITEMS
    )
    kills = {ITEMS * n // 5: processes[n % 2].kill_and_start for n in range(1, 5)}
    told = asyncio.run(work_off(storm, kills))

    assert [each.kills for each in processes] == [2, 2]
    assert told.silences > 0, "nobody noticed the kills"
    assert told.twice == []
    assert len(told.done) == len(set(told.done)) == ITEMS
    live_site.run(lambda works: the_history_says_so_too(works, told))


async def the_history_says_so_too(works: Works, told: Told) -> None:
    async with works.sessions() as db:
        statuses = dict(iter(await db.execute(STATUSES)))
        moves = (await db.execute(MOVES)).all()
        order = [str(item) for item in await db.scalars(IN_ORDER)]
    assert statuses == {"completed": ITEMS}
    happened = Counter((str(row.item_id), row.change) for row in moves)
    assert set(happened.values()) == {1}
    assert len(happened) == 2 * ITEMS  # claimed and completed, nothing else
    assert {str(row.item_id): row.username for row in moves} == {
        item: f"storm-nurse-{number}" for item, number in told.claimed.items()
    }
    claimed = [Claimed(str(row.item_id), row.moved_at) for row in moves if row.change == "claimed"]
    everybody_waited_their_turn(claimed, order, told)


def everybody_waited_their_turn(claimed: list[Claimed], order: list[str], told: Told) -> None:
    """Whatever came before an item and was claimed after it was in somebody's hands just then.

    So there are never more of those than claims that can be under way, and whoever got one had
    asked for it before the item that overtook it was handed out. Unless that hand was cut off:
    then it was free again, and taken by whoever asked next.
    """
    place = {item: number for number, item in enumerate(order)}
    begun_at = dict(claimed)
    waiting = list(range(len(order)))
    most, freed = 0, set[str]()
    for item, _ in claimed:
        ahead = bisect_left(waiting, place[item])
        most = max(most, ahead)
        for number in waiting[:ahead]:
            overtaken = order[number]
            if told.answered_at[item] < begun_at[overtaken]:
                freed.add(overtaken)
        del waiting[ahead]
    assert waiting == []
    assert most < 3 * CONNECTIONS  # of both processes, and of one just killed
    assert len(freed) <= 4 * CONNECTIONS, "more were left lying than were in dying hands"
