"""Keeps the stores and the application's processes running until somebody ends it.

One thread starts, watches, restarts and at last stops everything, because children are tied to
the thread that forked them (see `app.infra.children`).
"""

import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import FrameType, TracebackType
from typing import Self

from app.infra.children import Child
from app.infra.embedded import EmbeddedStoreError, EmbeddedStores

POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartPolicy:
    """Deaths in a row count; one that lived long enough begins a new row."""

    first_delay_seconds: float = 0.2
    longest_delay_seconds: float = 10.0
    healthy_after_seconds: float = 10.0
    gives_up_after: int = 10

    def delay_seconds(self, deaths: int) -> float:
        doubled: float = self.first_delay_seconds * 2 ** (deaths - 1)
        return min(doubled, self.longest_delay_seconds)


@dataclass
class _Watched:
    child: Child
    start: Callable[[], None]
    needed: bool = True
    deaths: int = 0
    started_at: float = 0.0
    start_again_at: float | None = field(default=None)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


class Supervisor:
    """Runs children beside stores that were started already; both are stopped by it."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        stores: EmbeddedStores | None = None,
        policy: RestartPolicy | None = None,
        tell: Callable[[str], None] = _say,
    ) -> None:
        self._children = [_Watched(child, child.spawn) for child in children]
        self._stores = stores
        self._policy = policy or RestartPolicy()
        self._tell = tell
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="supervisor")
        self.failure: str | None = None

    def start(self) -> None:
        """Returns at once; restarts go on beside the caller until `stop`."""
        self._thread.start()

    def stop(self) -> None:
        """Stops the children, newest first, then the stores; returns when all are gone."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def wait(self) -> int:
        """Until SIGINT, SIGTERM or SIGHUP, or until something keeps failing; the exit status.

        Call it from the main thread.
        """
        for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(ending, self._on_signal)
        while not self._ending.wait(timeout=60.0):
            pass
        self.stop()
        return 0 if self.failure is None else 1

    def run(self) -> int:
        self.start()
        return self.wait()

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

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._ending.set()

    def _watch(self) -> None:
        watched = [*self._watched_stores(), *self._children]
        try:
            for each in self._children:
                self._start(each)
            while not self._ending.wait(timeout=POLL_SECONDS):
                for each in watched:
                    self._look_after(each)
        finally:
            self._ending.set()
            for each in reversed(self._children):
                each.child.stop()
            if self._stores is not None:
                self._stores.stop()

    def _watched_stores(self) -> list[_Watched]:
        stores = self._stores
        if stores is None:
            return []
        now = time.monotonic()
        return [
            _Watched(
                server.child,
                partial(stores.restart, server),
                needed=not server.only_a_cache,
                started_at=now,
            )
            for server in stores.servers
        ]

    def _start(self, watched: _Watched) -> None:
        watched.start_again_at = None
        watched.started_at = time.monotonic()
        try:
            watched.start()
        except (OSError, EmbeddedStoreError) as reason:
            self._tell(f"{watched.child.name} cannot be started: {reason}")

    def _look_after(self, watched: _Watched) -> None:
        now = time.monotonic()
        if watched.start_again_at is not None:
            if now >= watched.start_again_at:
                self._start(watched)
        elif not watched.child.alive:
            if now - watched.started_at > self._policy.healthy_after_seconds:
                watched.deaths = 0
            watched.deaths += 1
            self._after_death(watched, now)

    def _after_death(self, watched: _Watched, now: float) -> None:
        name, how = watched.child.name, watched.child.how_it_ended()
        delay = self._policy.delay_seconds(watched.deaths)
        if watched.deaths < self._policy.gives_up_after or not watched.needed:
            watched.start_again_at = now + delay
            self._tell(f"{name} {how}; starting it again in {delay:.1f} s")
            return
        said = "".join(f"\n    {line}" for line in watched.child.last_words())
        self.failure = f"{name} keeps failing ({watched.deaths} times in a row): it {how}{said}"
        self._tell(f"stopping everything: {self.failure}")
        self._ending.set()
