"""Jobs exist exactly when the change does, run at least once, and are never stuck."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries
from sqlalchemy import text

from app.infra.jobs import MAX_ATTEMPTS, JobRunner, NewJob, Payload
from app.infra.uow import Works
from app.kernel.actors import Actor

ROOT = Path(__file__).parents[2]
SOMEBODY = Actor.system("test-setup")
SOON = 20.0


class Desk:
    """Collects what a task was asked to do, and lets a test wait for it."""

    def __init__(self, *, failures: int = 0) -> None:
        self.done: asyncio.Queue[int] = asyncio.Queue()
        self.tries = 0
        self._failures = failures

    async def task(self, payload: Payload) -> None:
        self.tries += 1
        if self.tries <= self._failures:
            raise ValueError("the patient's name must not get into any log")
        await self.done.put(payload["number"])

    async def next(self) -> int:
        return await asyncio.wait_for(self.done.get(), SOON)


@asynccontextmanager
async def running(database_url: str, desk: Desk) -> AsyncIterator[JobRunner]:
    runner = JobRunner(database_url, heartbeat_timeout=timedelta(seconds=2))
    runner.register("test.note", desk.task)
    working = asyncio.create_task(runner.run())
    try:
        yield runner
    finally:
        runner.stop()
        await asyncio.wait_for(working, SOON)


async def enqueue(works: Works, number: int, *, once: str | None = None) -> None:
    async with works.begin(SOMEBODY) as uow:
        await uow.enqueue("test.note", {"number": number}, once=once)


async def enqueue_and_fail(works: Works) -> None:
    async with works.begin(SOMEBODY) as uow:
        await uow.enqueue("test.note", {"number": 1})
        raise ZeroDivisionError


async def jobs(works: Works) -> list[tuple[str, int]]:
    async with works.sessions() as session:
        rows = await session.execute(text("select status, attempts from pgqueuer order by id"))
        return [(row[0], row[1]) for row in rows]


async def test_a_job_runs_as_soon_as_its_transaction_commits(
    works: Works, database_url: str
) -> None:
    desk = Desk()
    async with running(database_url, desk):
        async with works.begin(SOMEBODY) as uow:
            await uow.enqueue("test.note", {"number": 1})
            assert await jobs(works) == []
        await enqueue(works, 2)
        assert {await desk.next(), await desk.next()} == {1, 2}
    assert await jobs(works) == []


async def test_a_rolled_back_job_never_was(works: Works, database_url: str) -> None:
    desk = Desk()
    with pytest.raises(ZeroDivisionError):
        await enqueue_and_fail(works)
    async with running(database_url, desk):
        await enqueue(works, 2)
        assert await desk.next() == 2
    assert desk.tries == 1


async def test_once_means_once_while_the_twin_waits(works: Works) -> None:
    for _ in range(3):
        await enqueue(works, 1, once="the same")
    await enqueue(works, 2, once="another")
    assert len(await jobs(works)) == 2


async def test_a_failed_job_is_tried_again_and_leaves_no_trace_of_what_it_said(
    works: Works, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk(failures=1)
    async with running(database_url, desk):
        await enqueue(works, 7)
        assert await desk.next() == 7
    assert desk.tries == 2
    assert "patient" not in caplog.text
    assert "patient" not in await everything_logged(works)


async def test_a_job_that_always_fails_is_held_for_a_person(
    works: Works, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk(failures=99)
    await enqueue(works, 7)
    async with works.sessions.begin() as session:
        await session.execute(
            text("update pgqueuer set attempts = :tried"), {"tried": MAX_ATTEMPTS - 1}
        )
    async with running(database_url, desk):
        await until_jobs_are(works, [("failed", MAX_ATTEMPTS - 1)])
    assert desk.tries == 1
    assert "patient" not in caplog.text
    assert "patient" not in await everything_logged(works)


async def test_the_queue_survives_the_loss_of_its_connection(
    works: Works, database_url: str
) -> None:
    desk = Desk()
    async with running(database_url, desk):
        await enqueue(works, 1)
        assert await desk.next() == 1
        await until_jobs_are(works, [])  # or it would rightly be done again
        await cut_the_connections_of_the_queue(database_url)
        await enqueue(works, 2)
        assert await desk.next() == 2


@pytest.mark.fault
async def test_the_jobs_of_a_killed_worker_are_taken_over(works: Works, database_url: str) -> None:
    killed = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.infra.stuck_worker", database_url),
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert killed.stdout is not None
    await enqueue(works, 5)
    said = await asyncio.wait_for(killed.stdout.readline(), SOON)
    assert json.loads(said) == {"number": 5}
    killed.kill()
    await killed.wait()
    desk = Desk()
    async with running(database_url, desk):
        assert await desk.next() == 5
    assert await jobs(works) == []


async def until_jobs_are(works: Works, expected: list[tuple[str, int]]) -> None:
    async with asyncio.timeout(SOON):
        while await jobs(works) != expected:  # noqa: ASYNC110 - Postgres tells nobody
            await asyncio.sleep(0.05)


async def everything_logged(works: Works) -> str:
    async with works.sessions() as session:
        rows = await session.execute(text("select traceback::text from pgqueuer_log"))
        return " ".join(row[0] or "" for row in rows)


async def cut_the_connections_of_the_queue(database_url: str) -> None:
    """All but our own and those of units of work, which have a name."""
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
            " and application_name <> 'dr-assistant'"
        )
    finally:
        await connection.close()


ROWS = (
    "select priority, entrypoint, convert_from(payload, 'UTF8') as payload, dedupe_key, headers,"
    " status, attempts, queue_manager_id, slot, execute_after - created as delay from pgqueuer"
    " order by id"
)
LOGGED = "select l.status, l.priority, l.entrypoint, l.traceback from pgqueuer_log l order by id"


async def test_jobs_are_queued_as_pgqueuer_itself_would(works: Works, database_url: str) -> None:
    asked = [NewJob("test.note", {"number": n}, once) for n, once in enumerate(("a", "a", None))]
    connection = await asyncpg.connect(database_url)
    try:
        for _ in range(2):  # the second time "a" waits already
            async with works.begin(SOMEBODY) as uow:
                for job in asked:
                    await uow.enqueue(job.name, job.payload, once=job.once)
        ours = await connection.fetch(ROWS), await connection.fetch(LOGGED)
        await connection.execute("truncate pgqueuer, pgqueuer_log")
        for _ in range(2):
            await Queries(AsyncpgDriver(connection)).enqueue(
                [job.name for job in asked],
                [json.dumps(job.payload).encode() for job in asked],
                [0] * len(asked),
                dedupe_key=[job.once for job in asked],
                on_conflict="skip",
            )
        assert ours == (await connection.fetch(ROWS), await connection.fetch(LOGGED))
        assert len(ours[0]) == 3
    finally:
        await connection.close()
