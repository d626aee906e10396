"""Work for later: a small port over PgQueuer, in the same Postgres as the change itself."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any, NamedTuple

import asyncpg
import structlog
from pgqueuer import QueueManager
from pgqueuer.db import AsyncpgDriver
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job
from pgqueuer.queries import Queries

Payload = dict[str, Any]
Task = Callable[[Payload], Awaitable[None]]

MAX_ATTEMPTS = 12
HEARTBEAT_TIMEOUT = timedelta(seconds=12)
LOOK_AGAIN = timedelta(seconds=5)

log = structlog.get_logger(__name__)


# What PgQueuer's `enqueue` does, as parts of a statement that writes more than jobs.
QUEUED = (
    "insert into pgqueuer (priority, entrypoint, payload, dedupe_key, headers, status)"
    " select 0, name, convert_to(payload, 'UTF8'), once, 'null', 'queued' from ({jobs}) as job"
    " on conflict (dedupe_key) where status in ('queued', 'picked') and dedupe_key is not null"
    " do nothing returning id, entrypoint, priority"
)
LOGGED = (
    "insert into pgqueuer_log (job_id, status, entrypoint, priority)"
    " select id, 'queued', entrypoint, priority from queued"
)


class NewJob(NamedTuple):
    """A job to be queued; `once` skips it while its twin waits or runs.

    Payloads carry ids only, never anything about a patient.
    """

    name: str
    payload: Payload
    once: str | None = None


def queuing(*sources: str) -> dict[str, str]:
    """CTEs, the last of a list: queue what these selects find, each by name, payload and once."""
    jobs = " union all ".join(f"({source})" for source in sources)
    return {"queued": QUEUED.format(jobs=jobs), "logged": LOGGED}


class GaveUp(Exception):
    """A job failed for the last time; what it said may hold what nobody should read."""


class JobRunner:
    """Runs the registered tasks until told to stop; survives a restart of Postgres."""

    def __init__(
        self, dsn: str, *, concurrency: int = 4, heartbeat_timeout: timedelta = HEARTBEAT_TIMEOUT
    ) -> None:
        """`heartbeat_timeout`: so long after a worker's last sign another takes over its jobs."""
        self._dsn = dsn
        self._concurrency = concurrency
        self._heartbeat_timeout = heartbeat_timeout
        self._tasks: dict[str, Task] = {}
        self._stopping = asyncio.Event()
        self._queue: QueueManager | None = None

    def register(self, name: str, task: Task) -> None:
        if name in self._tasks:
            raise TypeError(f"two tasks are called {name}")
        self._tasks[name] = task

    def stop(self) -> None:
        """Finish what runs, take nothing new."""
        self._stopping.set()
        if self._queue is not None:
            self._queue.shutdown.set()

    async def run(self) -> None:
        while not self._stopping.is_set():
            try:
                await self._run_once()
            except Exception as error:  # noqa: BLE001
                # However a dying connection shows itself, a new one is what helps.
                log.warning("queue_lost", error=type(error).__name__)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), 1)

    async def _run_once(self) -> None:
        connection = await asyncpg.connect(self._dsn, timeout=10, command_timeout=30)
        try:
            queue = QueueManager(Queries(AsyncpgDriver(connection)))
            for name, task in self._tasks.items():
                queue.entrypoint(name, on_failure="hold")(retrying(task))
            self._queue = queue
            if not self._stopping.is_set():
                await queue.run(
                    dequeue_timeout=LOOK_AGAIN,
                    batch_size=1,
                    max_concurrent_tasks=max(2, self._concurrency),
                    heartbeat_timeout=self._heartbeat_timeout,
                    shutdown_on_listener_failure=True,
                )
        finally:
            self._queue = None
            connection.terminate()


def retrying(task: Task) -> Callable[[Job], Awaitable[None]]:
    """Run a task; a failure is tried again later, the last one is held for a person."""

    async def run(job: Job) -> None:
        try:
            await task(json.loads(job.payload or b"{}"))
        except Exception as error:  # noqa: BLE001 - a job may fail in any way; the queue goes on
            log.warning(
                "job_failed", job=job.entrypoint, attempt=job.attempts, error=type(error).__name__
            )
            if job.attempts + 1 >= MAX_ATTEMPTS:
                raise GaveUp(type(error).__name__) from None
            raise RetryRequested(delay=backoff(job.attempts), reason=type(error).__name__) from None

    return run


def backoff(attempts: int) -> timedelta:
    return min(timedelta(seconds=2**attempts), timedelta(minutes=10))
