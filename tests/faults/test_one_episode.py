"""Many signs of danger at once, through two web processes and two workers of which one is killed
in the middle of it: one episode.
"""

import signal
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import func, select

from app.crisis.episodes.models import Entry, Episode
from app.infra.outbox import Delivery
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from tests.builders.patients import a_patient
from tests.fixtures.live_site import LiveSite, answers, free_port
from tests.fixtures.waiting import wait_until

pytestmark = pytest.mark.fault

SIGNALS = 32
DESK = Actor(id=UUID(int=1), name="Desk", roles=frozenset({Role.RECEPTIONIST}))
CONCEPTS = ("suicidal_intent", "suicide_plan", "self_harm", "violence")


Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(live_site: LiveSite) -> Iterator[Start]:
    """Other processes of the same site, gone at the end."""
    started: list[subprocess.Popen[bytes]] = []

    def start_one(*command: str) -> "subprocess.Popen[bytes]":
        started.append(live_site.spawn(*command, log=f"{command[0]}-{len(started)}.log"))
        return started[-1]

    yield start_one
    for process in started:
        kill(process)


@pytest.fixture
def others(start: Start) -> str:
    """A second web process, whose address this is."""
    port = free_port()
    start("api", "--port", str(port))
    url = f"http://127.0.0.1:{port}"
    wait_until(lambda: answers(url), within_seconds=120, what="the second web process")
    return f"{url}/api/v1"


def kill(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGKILL)
    process.wait(20)


def raise_one(api: str, token: str, patient_id: str, number: int) -> int:
    said = {
        "patient_id": patient_id,
        "concept": CONCEPTS[number % len(CONCEPTS)],
        "words": f"Sign number {number}.",
    }
    headers = {"Authorization": f"Bearer {token}"}
    return httpx2.post(f"{api}/signals", json=said, headers=headers, timeout=60).status_code


def test_thirty_two_signs_at_once_open_one_episode_with_all_of_them(
    live_site: LiveSite, others: str, start: Start
) -> None:
    doomed, _ = start("worker"), start("worker")
    patient_id = str(live_site.run(lambda works: a_patient(works, DESK)).id)
    token = live_site.token(Role.DOCTOR)
    doors = cycle((live_site.api, others))
    with ThreadPoolExecutor(SIGNALS) as pool:
        asked = [
            pool.submit(raise_one, next(doors), token, patient_id, number)
            for number in range(SIGNALS)
        ]
        assert {each.result() for each in asked} == {201}

    async def some_told(works: Works) -> bool:
        async with works.sessions() as db:
            told = select(func.count()).where(Delivery.done_at.is_not(None))
            return int((await db.execute(told)).scalar_one()) > 0

    wait_until(lambda: live_site.run(some_told), within_seconds=120, what="the first fact told")
    kill(doomed)

    async def left_to_tell(works: Works) -> int:
        async with works.sessions() as db:
            waiting = select(func.count()).where(Delivery.done_at.is_(None))
            return int((await db.execute(waiting)).scalar_one())

    wait_until(lambda: live_site.run(left_to_tell) == 0, within_seconds=120, what="every fact told")

    async def what_came_of_it(works: Works) -> tuple[int, int, int]:
        async with works.sessions() as db:
            told = select(func.count()).where(Entry.kind == "signal")
            opened = select(func.count()).where(Entry.kind == "opened")
            return (
                int((await db.execute(select(func.count(Episode.id)))).scalar_one()),
                int((await db.execute(opened)).scalar_one()),
                int((await db.execute(told)).scalar_one()),
            )

    assert live_site.run(what_came_of_it) == (1, 1, SIGNALS)
