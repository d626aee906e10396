"""Who runs the stores of a data folder: a lock, what outlives a run, and what does not."""

import contextlib
import fcntl
import json
import os
import secrets
import socket
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.infra.embedded.errors import DataInUse

# Below the ranges from which systems pick ports for outgoing connections.
FIRST_PORT, PORT_COUNT = 21_000, 11_000


class InstanceLock:
    """One owner per data folder; the kernel frees it however the owner ends."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._path = data_dir / "lock"
        self._file: int | None = None

    def acquire(self) -> None:
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(file, 20).decode()
            os.close(file)
            raise DataInUse(self._data_dir, int(owner) if owner.isdigit() else None) from None
        os.truncate(file, 0)
        os.write(file, str(os.getpid()).encode())
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def is_held(self) -> bool:
        if not self._path.exists():
            return False
        file = os.open(self._path, os.O_RDONLY)
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        else:
            return False
        finally:
            os.close(file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """What must not change between two runs, so that addresses keep working."""

    password: str
    ports: Mapping[str, int]


def settle_endpoints(data_dir: Path, stores: tuple[str, ...]) -> Endpoints:
    """The remembered password and ports; a port that somebody else took is replaced.

    Call it while no server of ours runs, or its own port looks taken.
    """
    path = data_dir / "endpoints.json"
    known: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    ports: dict[str, int] = dict(known.get("ports", {}))
    for store in stores:
        if store not in ports or not port_is_free(ports[store]):
            ports[store] = _free_port(f"{data_dir}/{store}", set(ports.values()))
    endpoints = Endpoints(password=known.get("password") or secrets.token_hex(32), ports=ports)
    write_private(path, {"password": endpoints.password, "ports": ports})
    return endpoints


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port(seed: str, taken: set[int]) -> int:
    """Begins at a place of its own for every folder, so two new folders rarely collide."""
    start = zlib.crc32(seed.encode())
    for step in range(PORT_COUNT):
        port = FIRST_PORT + (start + step) % PORT_COUNT
        if port not in taken and port_is_free(port):
            return port
    raise OSError("no free port on 127.0.0.1")


def write_private(path: Path, content: Mapping[str, Any]) -> None:
    """Whole or not at all, and readable by us alone."""
    draft = path.with_suffix(".new")
    with contextlib.suppress(FileNotFoundError):
        draft.unlink()
    file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w") as out:
        json.dump(content, out, indent=2)
    draft.replace(path)
