"""Many read one doctor's day through two web processes while others change it and Redis dies.

Not one answer may lack what was acknowledged before it was asked for. DRA_DAY_READERS, _WRITERS and
_SECONDS say how many and how long: by default little, 100 readers and 20 writers for minutes is
the whole of it.
"""

import asyncio
import json
import os
import random
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest

from app import identity
from app.infra.embedded import StoreUrls
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.scheduling import appointments
from app.work_queues.items import Severity
from tests.builders.appointments import new_booking
from tests.builders.availability import a_clinic
from tests.builders.patients import a_patient
from tests.builders.work_queues_rosters import DOCTORS
from tests.builders.work_queues_tasks import a_task
from tests.faults.redis_to_kill import RedisToKill
from tests.faults.second_process import SecondProcess
from tests.fixtures.live_site import SETUP, LiveSite, answers
from tests.fixtures.stores import Databases
from tests.fixtures.waiting import wait_until

pytestmark = pytest.mark.fault

READERS = int(os.environ.get("DRA_DAY_READERS", "40"))
WRITERS = int(os.environ.get("DRA_DAY_WRITERS", "8"))  # 20 at most: what lists show
SECONDS = float(os.environ.get("DRA_DAY_SECONDS", "8"))
PAUSE_SECONDS = float(os.environ.get("DRA_DAY_PAUSE", "0.05"))  # of a writer between two changes
BACK_SECONDS = 1.5  # until processes ask a Redis that is back
NUMBER = re.compile(r"^writer (\d+) says (\d+)$")
MISSES = re.compile(r"^dra_day_misses_total (\S+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisToKill]:
    started = RedisToKill()
    started.start()
    yield started
    started.kill()


@pytest.fixture(scope="module")
def site_urls(
    databases: Databases,
    migrated_template: str,
    prepared_mongo: Callable[[], str],
    redis: RedisToKill,
) -> Iterator[StoreUrls]:
    with databases.copied(migrated_template) as url:
        yield StoreUrls(url, prepared_mongo(), redis.url)


@pytest.fixture
def second(live_site: LiveSite) -> Iterator[SecondProcess]:
    process = SecondProcess(live_site)
    process.start()
    wait_until(lambda: answers(process.url), within_seconds=120, what="the second process")
    yield process
    process.kill()


@dataclass
class Told:
    """What was acknowledged, and what readers saw."""

    acknowledged: dict[int, int] = field(default_factory=dict)
    changes: int = 0
    reads: int = 0
    unchanged: int = 0
    stale: list[str] = field(default_factory=list)


async def what_is_written(works: Works) -> list[tuple[str, UUID]]:
    """Tasks for the doctor by name, and appointments of today: one for each writer."""
    async with works.begin(SETUP) as uow:
        users = {user.role: user.as_actor(uow.now) for user in await identity.list_users(uow)}
    doctor, desk = users[Role.DOCTOR], users[Role.RECEPTIONIST]
    clinic = await a_clinic(works, desk, doctor)
    found: list[tuple[str, UUID]] = []
    for number in range(WRITERS):
        if number % 2:
            task = await a_task(
                works,
                by=doctor,
                pool_id=DOCTORS,
                assignee_id=doctor.id,
                title=f"writer {number} says 0",
                severity=Severity.HIGH,
            )
            found.append(("tasks", task.id))
        else:
            found.append(("appointments", await booked(works, desk, clinic, number)))
    return found


async def booked(works: Works, desk: Actor, clinic: Any, number: int) -> UUID:
    patient = await a_patient(works, desk)
    async with works.begin(desk) as uow:
        begins = uow.now.replace(second=0, microsecond=0)
        if (begins + timedelta(minutes=5 * WRITERS)).date() != begins.date():
            begins -= timedelta(minutes=5 * WRITERS + 10)
        new = new_booking(
            clinic,
            patient.id,
            begins + timedelta(minutes=5 * number),
            duration_minutes=5,
            reason=f"writer {number} says 0",
            override={"reason": "test"},
        )
        return (await appointments.book_appointment(uow, new)).id


async def write(
    http: httpx2.AsyncClient, urls: list[str], what: tuple[str, UUID], number: int, told: Told
) -> None:
    """One change after the other of one thing; each is noted when it was acknowledged."""
    kind, thing = what
    name = "title" if kind == "tasks" else "reason"
    dice = random.Random(number)
    version = (await http.get(f"{urls[0]}/{kind}/{thing}")).headers["etag"]
    for count in range(1, 10**6):
        answer = await http.patch(
            f"{dice.choice(urls)}/{kind}/{thing}",
            json={name: f"writer {number} says {count}"},
            headers={"If-Match": version},
        )
        assert answer.status_code == 200, answer.text
        told.acknowledged[number] = count
        told.changes += 1
        version = answer.headers["etag"]
        await asyncio.sleep(PAUSE_SECONDS * (0.5 + dice.random()))


async def read(http: httpx2.AsyncClient, urls: list[str], number: int, told: Told) -> None:
    """The day again and again; whatever was acknowledged before asking must be in the answer."""
    dice = random.Random(-number)
    etag, body = "", ""
    while True:
        before = dict(told.acknowledged)
        headers = {"If-None-Match": etag} if etag and number % 2 else {}
        answer = await http.get(f"{dice.choice(urls)}/dashboards/me", headers=headers)
        assert answer.status_code in {200, 304}, f"{answer.status_code}: {answer.text}"
        told.reads += 1
        told.unchanged += answer.status_code == 304
        if answer.status_code == 200:
            etag, body = answer.headers["etag"], answer.text
        seen = numbers_in(body)
        told.stale += [
            f"writer {who}: {count} was acknowledged, {seen.get(who)} was seen"
            for who, count in before.items()
            if seen.get(who, -1) < count
        ]


def numbers_in(body: str) -> dict[int, int]:
    day = json.loads(body)
    said = [*(each["title"] for each in day["work"])]
    said += [each["reason"] or "" for each in day["appointments"]]
    found = [match for each in said if (match := NUMBER.match(each))]
    return {int(match[1]): int(match[2]) for match in found}


async def bustle(
    urls: list[str], token: str, things: list[tuple[str, UUID]], redis: RedisToKill, told: Told
) -> int:
    """Everybody at once; Redis is away for the middle third. Returns the changes meanwhile."""
    limits = httpx2.Limits(max_connections=READERS + WRITERS)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(timeout=60, limits=limits, headers=headers) as http:
        work = [write(http, urls, each, number, told) for number, each in enumerate(things)]
        work += [read(http, urls, number, told) for number in range(READERS)]
        tasks = [asyncio.create_task(each) for each in work]
        await asyncio.sleep(SECONDS / 3)
        redis.kill()
        before = told.changes
        await asyncio.sleep(SECONDS / 3)
        await asyncio.to_thread(redis.start)
        await asyncio.sleep(BACK_SECONDS)
        away = told.changes - before
        await asyncio.sleep(max(SECONDS / 3 - BACK_SECONDS, 0))
        failed = [task for task in tasks if task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for task in failed:
            task.result()
    return away


def builds(urls: list[str]) -> float:
    found = 0.0
    for url in urls:
        said = MISSES.search(httpx2.get(f"{url.removesuffix('/api/v1')}/metrics", timeout=60).text)
        assert said is not None
        found += float(said[1])
    return found


def test_whatever_was_acknowledged_is_in_every_later_answer(
    live_site: LiveSite, second: SecondProcess, redis: RedisToKill
) -> None:
    things = live_site.run(what_is_written)
    urls = [live_site.api, f"{second.url}/api/v1"]
    before = builds(urls)
    told = Told()
    away = asyncio.run(bustle(urls, live_site.token(Role.DOCTOR), things, redis, told))
    built = builds(urls) - before
    sys.stdout.write(
        f"{told.reads} reads, {told.unchanged} unchanged, {told.changes} changes, {built} builds\n"
    )
    assert told.stale == []
    assert told.changes > WRITERS
    assert told.reads > READERS
    # One for each change; while Redis is away each of the two processes builds for itself.
    assert built <= told.changes + away + 2 * len(urls)
