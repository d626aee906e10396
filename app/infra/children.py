"""Child processes that die with us, and say how they ended."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.infra import leash

LOG_BYTES_KEPT = 5_000_000


@dataclass
class Child:
    """One process tied to our life; spawn it from a thread that lives as long as it should.

    The kernel watches the thread that forked, not the process, so a short-lived thread would
    take the child with it.
    """

    name: str
    argv: tuple[str, ...]
    log_path: Path | None = None
    env: Mapping[str, str] | None = None
    cwd: Path | None = None
    uid: int | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    inherits: tuple[int, ...] = ()  # open files of ours, under the same numbers
    stop_patience_seconds: float = 10.0
    _process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    def spawn(self) -> None:
        uid = os.geteuid() if self.uid is None else self.uid
        tie = (str(os.getpid()), str(self.orphan_signal.value), str(uid))
        log = None if self.log_path is None else _open_log(self.log_path)
        try:
            self._process = subprocess.Popen(  # noqa: S603  # a list we wrote ourselves
                [sys.executable, "-I", "-S", leash.__file__, *tie, *self.argv],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=None if self.env is None else dict(self.env),
                cwd=self.cwd,
                pass_fds=self.inherits,
                start_new_session=True,  # Ctrl-C reaches us alone; we stop them in order
            )
        finally:
            if log is not None:
                os.close(log)

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Ask, wait, insist."""
        if self._process is None:
            return
        if self.alive:
            self._process.send_signal(self.stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(self.stop_patience_seconds)
        self.kill()

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def how_it_ended(self) -> str:
        code = None if self._process is None else self._process.poll()
        if code is None:
            return "is still running" if self._process else "was never started"
        return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"exited with {code}"

    def last_words(self, lines: int = 5) -> list[str]:
        """The end of its log."""
        if self.log_path is None or not self.log_path.exists():
            return []
        return self.log_path.read_text(errors="replace")[-4000:].splitlines()[-lines:]


def _open_log(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists() and path.stat().st_size > LOG_BYTES_KEPT:
        path.replace(path.with_suffix(".log.1"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
