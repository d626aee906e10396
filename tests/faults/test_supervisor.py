"""Everything the supervisor watches is killed here, itself included."""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import asyncpg
import psutil  # type: ignore[import-untyped]
import pytest

from app.infra.children import Child
from app.infra.embedded import EmbeddedStores
from app.infra.supervisor import RestartPolicy, Supervisor
from tests.fixtures.stores import ROOT
from tests.fixtures.waiting import wait_until

pytestmark = pytest.mark.fault

SLEEPER = (sys.executable, "-c", "import threading; threading.Event().wait()")
# asyncpg calls it a mistake of its own when the server dies between two messages.
GONE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
QUICK = RestartPolicy(first_delay_seconds=0.01, longest_delay_seconds=0.05, gives_up_after=3)
SUPERVISED = """
import sys
from app.infra.children import Child
from app.infra.supervisor import Supervisor

names = sys.argv[1:]
sleeper = (sys.executable, "-c", "import threading; threading.Event().wait()")
raise SystemExit(Supervisor([Child(name=name, argv=sleeper) for name in names]).run())
"""


def sleeper(name: str) -> Child:
    return Child(name=name, argv=SLEEPER)


def new_pid(child: Child, old: int | None) -> Callable[[], bool]:
    return lambda: child.alive and child.pid != old


def supervise(*names: str) -> tuple["subprocess.Popen[str]", list[psutil.Process]]:
    """A supervisor in a process of its own, and its children once they all run."""
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISED, *names], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    parent = psutil.Process(process.pid)
    children = wait_until(lambda: found if len(found := parent.children()) == len(names) else None)
    # Until the leash has become the command, a signal could arrive too early to be obeyed.
    wait_until(lambda: all("leash.py" not in " ".join(each.cmdline()) for each in children))
    return process, children


def test_a_killed_child_is_started_again_and_the_reason_said_in_one_line() -> None:
    said: list[str] = []
    api, worker = sleeper("api"), sleeper("worker")
    with Supervisor([api, worker], policy=QUICK, tell=said.append):
        wait_until(lambda: api.alive and worker.alive)
        before, other = api.pid, worker.pid
        psutil.Process(before).kill()
        wait_until(new_pid(api, before))
        assert worker.pid == other
    assert said == ["api was killed by SIGKILL; starting it again in 0.0 s"]
    assert not api.alive
    assert not worker.alive


def test_a_child_that_keeps_failing_ends_everything_with_an_explanation(tmp_path: Path) -> None:
    said: list[str] = []
    broken = Child(
        name="api",
        argv=(sys.executable, "-c", "raise SystemExit('the port is taken')"),
        log_path=tmp_path / "api.log",
    )
    healthy = sleeper("worker")
    supervisor = Supervisor([healthy, broken], policy=QUICK, tell=said.append)
    handlers = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        assert supervisor.run() == 1
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    assert not healthy.alive
    assert supervisor.failure is not None
    assert "api keeps failing (3 times in a row): it exited with 1" in supervisor.failure
    assert "the port is taken" in supervisor.failure
    assert said[-1] == f"stopping everything: {supervisor.failure}"


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all_children_and_exits_zero(ending: signal.Signals) -> None:
    process, children = supervise("api", "worker")
    process.send_signal(ending)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 0, said
    assert [each.is_running() for each in children] == [False, False]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of a death")
def test_children_go_with_a_supervisor_killed_by_force() -> None:
    process, children = supervise("api", "worker")
    process.kill()
    process.communicate()
    _, left = psutil.wait_procs(children, timeout=20)
    assert left == []


def test_delays_double_up_to_a_limit() -> None:
    policy = RestartPolicy(first_delay_seconds=0.2, longest_delay_seconds=1.0)
    assert [policy.delay_seconds(deaths) for deaths in (1, 2, 3, 4)] == [0.2, 0.4, 0.8, 1.0]


def test_each_killed_store_comes_back_on_its_port_with_every_acknowledged_write(
    data_dir: Path,
) -> None:
    stores = EmbeddedStores(data_dir)
    urls = stores.start()
    with Supervisor([], stores=stores, tell=lambda line: None):
        acknowledged = asyncio.run(write_through_kills(urls.database_url, stores))
        stored = asyncio.run(read_all(urls.database_url))
        for server in stores.servers:
            before = server.child.pid
            psutil.Process(before).kill()
            wait_until(new_pid(server.child, before))
            wait_until(server.answers, what=f"{server.name} answers again")
        assert stores.urls == urls
    assert acknowledged <= stored
    assert len(acknowledged) > 20


async def write_through_kills(database_url: str, stores: EmbeddedStores) -> set[int]:
    """Writes numbers while Postgres is killed twice; returns those that were acknowledged."""
    (postgres,) = (each for each in stores.servers if each.name == "postgres")
    acknowledged: set[int] = set()
    connection = await connect_again(database_url)
    await connection.execute("create table numbers (n int)")
    for number in range(60):
        if number in (20, 40):
            psutil.Process(postgres.child.pid).kill()
        try:
            await connection.execute("insert into numbers values ($1)", number)
            acknowledged.add(number)
        except GONE:
            connection.terminate()
            connection = await connect_again(database_url)
    await connection.close()
    return acknowledged


async def connect_again(database_url: str) -> asyncpg.Connection:
    deadline = time.monotonic() + 30
    while True:
        try:
            return await asyncpg.connect(database_url, timeout=5)
        except GONE:
            assert time.monotonic() < deadline, "Postgres did not come back"
            await asyncio.sleep(0.02)


async def read_all(database_url: str) -> set[int]:
    connection = await connect_again(database_url)
    rows = await connection.fetch("select n from numbers")
    await connection.close()
    return {row["n"] for row in rows}
