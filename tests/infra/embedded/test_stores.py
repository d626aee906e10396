"""The embedded stores are real servers here; each test runs its own on a folder of its own."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil  # type: ignore[import-untyped]
import pytest
from pymongo import MongoClient

from app.infra.embedded import DataInUse, EmbeddedStores, StoreUrls, attach
from tests.fixtures.stores import ROOT
from tests.fixtures.waiting import wait_until

STORE_OWNER = (
    "import sys, threading; from pathlib import Path; "
    "from app.infra.embedded import EmbeddedStores; "
    "EmbeddedStores(Path(sys.argv[1]), redis=False).start(); print('ready', flush=True); "
    "threading.Event().wait()"
)


@pytest.fixture
def owner(data_dir: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that runs the stores of `data_dir`."""
    process = subprocess.Popen(
        [sys.executable, "-c", STORE_OWNER, str(data_dir)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def ask_postgres(url: str, query: str) -> object:
    async def ask() -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return asyncio.run(ask())


def count_words(url: str) -> int:
    with MongoClient[dict[str, object]](url) as client:
        return client.get_default_database().words.count_documents({})


def answers_all(urls: StoreUrls) -> bool:
    return ask_postgres(urls.database_url, "select 1") == 1 and count_words(urls.mongo_url) >= 0


def test_a_folder_with_spaces_keeps_its_data_and_addresses_over_a_restart(data_dir: Path) -> None:
    with EmbeddedStores(data_dir) as first:
        urls = first.urls
        ask_postgres(urls.database_url, "create table words as select 'kept' as word")
        with MongoClient[dict[str, object]](urls.mongo_url) as client:
            client.get_default_database().words.insert_one({"word": "kept"})
    with EmbeddedStores(data_dir) as second:
        assert second.urls == urls
        assert ask_postgres(urls.database_url, "select word from words") == "kept"
        assert count_words(urls.mongo_url) == 1


def test_a_killed_store_keeps_what_it_acknowledged(data_dir: Path) -> None:
    with EmbeddedStores(data_dir, redis=False) as stores:
        urls = stores.urls
        ask_postgres(urls.database_url, "create table words as select 'kept' as word")
        with MongoClient[dict[str, object]](urls.mongo_url, w="majority", journal=True) as client:
            client.get_default_database().words.insert_many([{"n": n} for n in range(50)])
        for server in stores.servers:
            server.child.kill()
            stores.restart(server)
        wait_until(lambda: all(server.answers() for server in stores.servers))
        assert stores.urls == urls
        assert ask_postgres(urls.database_url, "select word from words") == "kept"
        assert count_words(urls.mongo_url) == 50


def test_a_second_instance_on_the_same_data_is_refused_by_name(
    owner: "subprocess.Popen[str]", data_dir: Path
) -> None:
    with pytest.raises(DataInUse, match=f"process {owner.pid} already runs") as refused:
        EmbeddedStores(data_dir).start()
    assert refused.value.pid == owner.pid


def test_a_second_terminal_finds_the_running_stores(
    owner: "subprocess.Popen[str]", data_dir: Path
) -> None:
    urls = attach(data_dir)
    assert urls is not None
    assert answers_all(urls)


def test_nobody_attaches_to_stores_that_do_not_run(data_dir: Path) -> None:
    assert attach(data_dir) is None
    with EmbeddedStores(data_dir, redis=False, durable=False):
        assert attach(data_dir) is not None
    assert attach(data_dir) is None


def test_stores_go_with_an_owner_killed_by_force(
    owner: "subprocess.Popen[str]", data_dir: Path
) -> None:
    children = psutil.Process(owner.pid).children()
    owner.kill()
    owner.wait()
    _, left = psutil.wait_procs(children, timeout=20)
    assert left == []
    with EmbeddedStores(data_dir, redis=False) as successor:
        assert answers_all(successor.urls)


def test_a_start_right_after_a_forced_kill_waits_for_the_old_servers(
    owner: "subprocess.Popen[str]", data_dir: Path
) -> None:
    before = attach(data_dir)
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    with EmbeddedStores(data_dir, redis=False) as successor:
        assert successor.urls == before
        assert answers_all(successor.urls)


def test_a_recorded_orphan_is_stopped(data_dir: Path) -> None:
    """As on a system that cannot tell children of their parent's death."""
    orphan = subprocess.Popen(["/bin/sleep", "600"], start_new_session=True)
    try:
        data_dir.mkdir(parents=True)
        born = psutil.Process(orphan.pid).create_time()
        record = {"pid": 1, "urls": None, "children": [{"pid": orphan.pid, "born": born}]}
        (data_dir / "running.json").write_text(json.dumps(record))
        with EmbeddedStores(data_dir, redis=False, durable=False):
            assert not psutil.pid_exists(orphan.pid)
    finally:
        orphan.kill()
        orphan.wait()


def test_a_process_that_inherited_a_recorded_pid_is_left_alone(data_dir: Path) -> None:
    data_dir.mkdir(parents=True)
    record = {"pid": 1, "urls": None, "children": [{"pid": os.getpid(), "born": 1.0}]}
    (data_dir / "running.json").write_text(json.dumps(record))
    with EmbeddedStores(data_dir, redis=False, durable=False) as stores:
        assert answers_all(stores.urls)


def test_a_stale_pid_file_that_names_somebody_else_is_removed(data_dir: Path) -> None:
    with EmbeddedStores(data_dir, redis=False, durable=False):
        pass
    pid_file = data_dir / "postgres" / "postmaster.pid"
    # Our own pid: alive, and not Postgres.
    pid_file.write_text(f"{os.getpid()}\n{data_dir / 'postgres'}\n1\n5432\n\n127.0.0.1\n")
    os.chown(pid_file, (data_dir / "postgres").stat().st_uid, -1)
    with EmbeddedStores(data_dir, redis=False, durable=False) as stores:
        assert answers_all(stores.urls)


def test_a_port_taken_by_somebody_else_is_replaced(data_dir: Path) -> None:
    with EmbeddedStores(data_dir, redis=False, durable=False) as stores:
        before = stores.urls
    ports = json.loads((data_dir / "endpoints.json").read_text())["ports"]
    with (
        socket.create_server(("127.0.0.1", ports["postgres"])),
        EmbeddedStores(data_dir, redis=False, durable=False) as stores,
    ):
        assert stores.urls.database_url != before.database_url
        assert stores.urls.mongo_url == before.mongo_url
        assert answers_all(stores.urls)


def test_a_half_made_cluster_is_made_anew(data_dir: Path) -> None:
    half_made = data_dir / "postgres.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    with EmbeddedStores(data_dir, redis=False, durable=False) as stores:
        assert answers_all(stores.urls)


def test_named_servers_are_used_instead_of_our_own(data_dir: Path) -> None:
    with EmbeddedStores(
        data_dir,
        database_url="postgresql://somewhere/clinic",
        mongo_url="mongodb://somewhere/clinic",
        redis_url="redis://somewhere",
    ) as stores:
        assert stores.servers == []
        assert stores.urls == StoreUrls(
            "postgresql://somewhere/clinic", "mongodb://somewhere/clinic", "redis://somewhere"
        )
        assert attach(data_dir) == stores.urls


def test_secrets_are_readable_by_their_owner_alone(data_dir: Path) -> None:
    with EmbeddedStores(data_dir, durable=False):
        for name in ("endpoints.json", "running.json", "redis/redis.conf"):
            assert (data_dir / name).stat().st_mode & 0o077 == 0, name


def test_postgres_refuses_a_stranger_without_the_password(data_dir: Path) -> None:
    with EmbeddedStores(data_dir, redis=False, durable=False) as stores:
        password = json.loads((data_dir / "endpoints.json").read_text())["password"]
        wrong = stores.urls.database_url.replace(password, "guess")
        with pytest.raises(asyncpg.InvalidPasswordError):
            ask_postgres(wrong, "select 1")
