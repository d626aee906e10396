"""What a store must offer to be run by us."""

from pathlib import Path
from typing import Protocol

from app.infra.children import Child


class EmbeddedServer(Protocol):
    """A server on 127.0.0.1 that keeps its data in one folder."""

    @property
    def name(self) -> str: ...

    @property
    def only_a_cache(self) -> bool:
        """Can we go on without it?"""

    @property
    def url(self) -> str: ...

    @property
    def child(self) -> Child: ...

    def prepare(self) -> None:
        """Make the folder ready for a start, after a clean stop or a `kill -9` alike."""

    def answers(self) -> bool:
        """Is it ready for work? Never blocks for long."""


def log_of(data_dir: Path, name: str) -> Path:
    return data_dir / "logs" / f"{name}.log"
