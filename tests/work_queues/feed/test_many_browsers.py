"""Many open pages on one web process, over real sockets. DRA_FEED_CONNECTIONS says how many."""

import asyncio
import os

import pytest

from app import identity
from app.identity.service import open_session
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from benchmarks.listeners import Listener, following
from benchmarks.web_process import WebProcess
from tests.builders.work_queues_feed import DOCTORS, NURSES, an_item
from tests.fixtures.live_site import LiveSite

pytestmark = pytest.mark.fault

LINES = int(os.environ.get("DRA_FEED_CONNECTIONS", "300"))
MOST_KIB_A_LINE = 256
PATIENCE_SECONDS = 60
SETUP = Actor.system("test-setup")


async def sessions_of(works: Works, role: Role, count: int) -> list[str]:
    async with works.begin(SETUP) as uow:
        users = {user.username: user for user in await identity.list_users(uow)}
        kind = identity.SessionKind.API
        opened = [
            await open_session(uow, users[role.value], kind=kind, user_agent=None)
            for _ in range(count)
        ]
    return [each.token for each in opened]


async def all_told(lines: list[Listener]) -> set[str]:
    async with asyncio.timeout(PATIENCE_SECONDS):
        return {told["item_id"] for told in await asyncio.gather(*(one.next() for one in lines))}


def test_all_it_concerns_hear_of_a_change_and_nobody_else_with_bounded_memory(
    live_site: LiveSite,
) -> None:
    web = WebProcess(int(live_site.url.rpartition(":")[2]), live_site.process.pid)

    async def watch(works: Works) -> None:
        nurses = await sessions_of(works, Role.NURSE, LINES // 2)
        doctors = await sessions_of(works, Role.DOCTOR, LINES // 2)
        before = web.resident_kib
        async with following(web.port, [*nurses, *doctors]) as lines:
            of_nurses, of_doctors = lines[: len(nurses)], lines[len(nurses) :]
            for _ in range(3):
                for pool_id, theirs in ((NURSES, of_nurses), (DOCTORS, of_doctors)):
                    item = await an_item(works, pool_id)
                    # The very next they hear: what concerns others was not told in between.
                    assert await all_told(theirs) == {str(item.id)}
            grown = web.resident_kib - before
        assert grown / LINES < MOST_KIB_A_LINE

    live_site.run(watch)
