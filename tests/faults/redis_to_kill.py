"""A Redis of a test's own, that is killed without a word and started again."""

import subprocess
from dataclasses import dataclass, field

from redis import Redis
from redis.exceptions import RedisError

from app.infra.embedded.redis import find_program
from tests.fixtures.live_site import free_port
from tests.fixtures.waiting import wait_until


@dataclass
class RedisToKill:
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        said = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "")
        self.process = subprocess.Popen(
            [str(find_program()), *said],
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(self.answers, within_seconds=20, what="a Redis to kill")

    def answers(self) -> bool:
        try:
            with Redis.from_url(self.url) as redis:
                return bool(redis.ping())
        except RedisError:
            return False

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()
