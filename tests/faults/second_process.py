"""Another web process on the same stores, for tests that kill it."""

import subprocess
from dataclasses import dataclass, field

from tests.fixtures.live_site import LiveSite, free_port


@dataclass
class SecondProcess:
    """Another API process on the same stores, that is killed without a word and started again."""

    site: LiveSite
    port: int = field(default_factory=free_port)
    kills: int = 0
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.process = self.site.spawn("api", "--port", str(self.port), log=f"api-{self.port}.log")

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.kills += 1

    def kill_and_start(self) -> None:
        self.kill()
        self.start()
