"""Servers that a killed owner left behind: recognised by pid and birth, then stopped."""

import contextlib
import json
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

with contextlib.suppress(ModuleNotFoundError):
    # Comes with the embedded servers; a site with servers of its own never gets to use it.
    import psutil  # type: ignore[import-untyped]

PATIENCE_SECONDS = 10.0


def describe(pid: int) -> dict[str, Any]:
    """Enough to tell this process from a later one that got the same pid."""
    return {"pid": pid, "born": psutil.Process(pid).create_time()}


def stop_orphans(running_path: Path) -> list[int]:
    """Stop the servers recorded by an owner that is gone; returns their pids.

    Call it while holding the folder's lock.
    """
    if not running_path.exists():
        return []
    recorded: Sequence[dict[str, Any]] = json.loads(running_path.read_text())["children"]
    orphans = [found for record in recorded if (found := _same_process(record)) is not None]
    if orphans:
        _stop(orphans)
    running_path.unlink()
    return [orphan.pid for orphan in orphans]


def stop_process(pid: int) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        _stop([psutil.Process(pid)])


def runs_on(pid: int, folder: Path) -> bool:
    """Is this process a server that was started on this folder?"""
    try:
        return str(folder) in psutil.Process(pid).cmdline()
    except psutil.Error:
        return False


def _same_process(record: dict[str, Any]) -> Any | None:
    try:
        process = psutil.Process(record["pid"])
        same = abs(process.create_time() - record["born"]) < 1.0
    except psutil.Error:
        return None
    return process if same and process.status() != psutil.STATUS_ZOMBIE else None


def _stop(processes: Sequence[Any]) -> None:
    """Ask with SIGINT (for Postgres: at once, but cleanly), wait, then insist."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGINT)
    _, stubborn = psutil.wait_procs(processes, timeout=PATIENCE_SECONDS)
    for process in stubborn:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(stubborn, timeout=PATIENCE_SECONDS)
