"""The feed over HTTP."""

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import func, select

from app import audit
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.work_queues_feed import DOCTORS, an_item
from tests.conftest import Client
from tests.work_queues.feed.listening import PATIENCE_SECONDS

EVENTS = "/api/v1/events"


def parsed(stream: str) -> list[tuple[str, Any]]:
    """(event, data) of everything in a stream of server-sent events."""
    found = []
    for block in stream.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "data" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


async def followers(works: Works, count: int) -> None:
    """Wait until so many have begun to follow."""
    began = select(func.count()).select_from(audit.AuditEvent)
    began = began.where(audit.AuditEvent.action == "queue.follow")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            async with works.sessions() as db:
                if (await db.execute(began)).scalar_one() >= count:
                    return
            await asyncio.sleep(0.02)


async def test_a_browser_follows_the_queues_until_it_signs_out(
    as_nurse: Client, as_doctor: Client, works: Works, nurse: Actor
) -> None:
    following = asyncio.create_task(as_nurse.get(EVENTS, headers={"Last-Event-ID": "1-0"}))
    await followers(works, 1)
    told = await an_item(works)
    await an_item(works, DOCTORS)
    await as_nurse.delete("/api/v1/sessions/current")
    async with asyncio.timeout(PATIENCE_SECONDS):
        answer = await following
    assert answer.headers["content-type"].startswith("text/event-stream")
    (first, hello), *others = parsed(answer.text)
    assert (first, hello["reload"]) == ("hello", False)
    assert [(event, data["item_id"]) for event, data in others] in ([], [("item", str(told.id))])


@pytest.mark.parametrize("last", ["nonsense", "-1", "²"])
async def test_an_id_we_never_gave_is_answered_with_a_reload(
    as_nurse: Client, works: Works, last: str
) -> None:
    headers = {b"Last-Event-ID": last.encode()}
    following = asyncio.create_task(as_nurse.get(EVENTS, headers=headers))
    await followers(works, 1)
    await as_nurse.delete("/api/v1/sessions/current")
    async with asyncio.timeout(PATIENCE_SECONDS):
        answer = await following
    assert [(event, data["reload"]) for event, data in parsed(answer.text)] == [("hello", True)]


async def test_strangers_and_patients_follow_nothing(client: Client) -> None:
    assert (await client.get(EVENTS)).status_code == 401
