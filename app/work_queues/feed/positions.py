"""How far somebody has been told: a transaction, and a place in it."""

import re
from typing import NamedTuple

WRITTEN = re.compile(r"([0-9]{1,18})-([0-9]{1,18})", re.ASCII)


class Position(NamedTuple):
    """The order of changes: by the number of their transaction, then as they were written in it."""

    written_in: int
    seq: int

    def __str__(self) -> str:
        return f"{self.written_in}-{self.seq}"

    @classmethod
    def parse(cls, text: str) -> "Position | None":
        """None for anything that we would not have written."""
        found = WRITTEN.fullmatch(text)
        return cls(int(found[1]), int(found[2])) if found else None
