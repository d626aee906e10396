"""The embedded stores of one data folder: start, wait until they answer, stop."""

import contextlib
import json
import logging
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from app.infra.embedded.errors import StoreDidNotStart, StoreMissing
from app.infra.embedded.instance import InstanceLock, settle_endpoints, write_private
from app.infra.embedded.mongo import MongoServer
from app.infra.embedded.orphans import describe, stop_orphans
from app.infra.embedded.postgres import PostgresServer
from app.infra.embedded.redis import RedisServer
from app.infra.embedded.servers import EmbeddedServer

START_SECONDS = 60.0
CACHE_START_SECONDS = 5.0
POLL_SECONDS = 0.02
RESPAWN_SECONDS = 0.3

log = logging.getLogger(__name__)
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class StoreUrls:
    """Where the three stores are; without Redis the application does without a cache."""

    database_url: str
    mongo_url: str
    redis_url: str | None


class EmbeddedStores:
    """Runs the stores for which no URL is given; one owner per data folder.

    Start it from a thread that lives as long as the stores should (see `Child`). Not durable
    means faster and good for tests only.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        database_url: str | None = None,
        mongo_url: str | None = None,
        redis_url: str | None = None,
        redis: bool = True,
        durable: bool = True,
    ) -> None:
        self._data_dir = data_dir.absolute()
        self._given = {"postgres": database_url, "mongo": mongo_url, "redis": redis_url}
        self._wants_redis = redis
        self._durable = durable
        self._lock = InstanceLock(self._data_dir)
        self._running_path = self._data_dir / "running.json"
        self.servers: Sequence[EmbeddedServer] = ()

    def start(self, on_progress: Progress | None = None) -> StoreUrls:
        """Blocks until each store answers. Raises DataInUse, StoreMissing, StoreDidNotStart."""
        tell = on_progress or log.info
        self._data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock.acquire()
        try:
            for pid in stop_orphans(self._running_path):
                tell(f"stopped process {pid}, left behind by an earlier run")
            self.servers = self._build_servers(tell)
            for server in self.servers:
                tell(f"starting {server.name}")
                server.prepare()
                server.child.spawn()
            self._remember(ready=False)
            self._wait_for_all(tell)
            self._remember(ready=True)
        except BaseException:
            self.stop()
            raise
        return self.urls

    def restart(self, server: EmbeddedServer) -> None:
        """Start a store that died again, on the same port; does not wait for its answer."""
        server.prepare()
        server.child.spawn()
        self._remember(ready=True)

    def stop(self) -> None:
        """Stop all, newest first, and free the folder. Safe to call twice."""
        for server in reversed(self.servers):
            server.child.stop() if self._durable else server.child.kill()
        self._running_path.unlink(missing_ok=True)
        self._lock.release()

    @property
    def urls(self) -> StoreUrls:
        known = self._given | {server.name: server.url for server in self.servers}
        if known["postgres"] is None or known["mongo"] is None:
            raise RuntimeError("the stores have no addresses before they are started")
        return StoreUrls(known["postgres"], known["mongo"], known["redis"])

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _build_servers(self, tell: Progress) -> list[EmbeddedServer]:
        wanted = [name for name, url in self._given.items() if url is None]
        endpoints = settle_endpoints(self._data_dir, tuple(wanted))
        folder, ports, password = self._data_dir, endpoints.ports, endpoints.password
        servers: list[EmbeddedServer] = []
        if "mongo" in wanted:  # first, as it takes longest to come up
            servers.append(MongoServer(folder, ports["mongo"], durable=self._durable))
        if "redis" in wanted and self._wants_redis:
            try:
                servers.append(RedisServer(folder, ports["redis"], password))
            except StoreMissing as missing:
                tell(f"going on without a cache: {missing}")
        if "postgres" in wanted:
            server = PostgresServer(folder, ports["postgres"], password, durable=self._durable)
            servers.append(server)
        return servers

    def _wait_for_all(self, tell: Progress) -> None:
        began = time.monotonic()
        for server in self.servers:
            patience = CACHE_START_SECONDS if server.only_a_cache else START_SECONDS
            try:
                _wait_for(server, began + patience)
            except StoreDidNotStart as reason:
                if not server.only_a_cache:
                    raise
                server.child.kill()
                self.servers = [other for other in self.servers if other is not server]
                tell(f"going on without a cache: {reason}")

    def _remember(self, *, ready: bool) -> None:
        """What a second terminal needs to reach the stores, and a later start to find orphans."""
        children = []
        for server in self.servers:
            with contextlib.suppress(ProcessLookupError):
                if server.child.alive and server.child.pid is not None:
                    children.append(describe(server.child.pid))
        urls = asdict(self.urls) if ready else None
        write_private(self._running_path, {"pid": os.getpid(), "children": children, "urls": urls})


def attach(data_dir: Path) -> StoreUrls | None:
    """The addresses of the stores another process runs on this folder, if they are ready."""
    running_path = data_dir.absolute() / "running.json"
    if not InstanceLock(data_dir.absolute()).is_held():
        return None
    try:
        running: dict[str, Any] = json.loads(running_path.read_text())
    except FileNotFoundError:
        return None
    return StoreUrls(**running["urls"]) if running["urls"] else None


def _wait_for(server: EmbeddedServer, deadline: float) -> None:
    """Until it answers; one that dies meanwhile is started again, as what blocked it may pass."""
    while not server.answers():
        if time.monotonic() > deadline:
            ended = server.child.how_it_ended()
            reason = "does not answer" if server.child.alive else f"cannot start: it {ended}"
            path = server.child.log_path or Path()
            raise StoreDidNotStart(server.name, reason, path, server.child.last_words())
        if not server.child.alive:
            time.sleep(RESPAWN_SECONDS)
            server.prepare()
            server.child.spawn()
        time.sleep(POLL_SECONDS)
