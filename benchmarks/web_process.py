"""The web process as a process of its own, for comparisons that ask it from outside."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2

from app.infra.embedded import StoreUrls


@dataclass(frozen=True)
class WebProcess:
    port: int
    pid: int

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v1"

    @property
    def resident_kib(self) -> int:
        """Its memory, as the kernel counts it."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if "VmRSS" in line)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(urls: StoreUrls, folder: Path) -> Iterator[WebProcess]:
    port = free_port()
    told = {
        **os.environ,
        "DATABASE_URL": urls.database_url,
        "MONGO_URL": urls.mongo_url,
        "REDIS_URL": urls.redis_url or "",
        "DRA_DATA_DIR": str(folder / "data"),
        "DRA_ENVIRONMENT": "test",
    }
    command = [sys.executable, "-m", "app.cli", "api", "--port", str(port)]
    with (folder / "api.log").open("wb") as out:
        process = subprocess.Popen(command, env=told, stdout=out, stderr=out)
    try:
        yield WebProcess(port, process.pid)
    finally:
        process.terminate()
        process.wait(20)


async def until_it_answers(web: WebProcess) -> None:
    deadline = time.monotonic() + 120
    async with httpx2.AsyncClient() as http:
        while time.monotonic() < deadline:
            with suppress(httpx2.TransportError):
                await http.get(f"{web.api}/queues/counts")
                return
            await asyncio.sleep(0.2)
    raise SystemExit("the web process does not answer")
