"""Lifecycles: which state may follow which, as data."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import Generic, TypeVar

from app.kernel.errors import Conflict


class IllegalMove(Conflict):
    """That step is not allowed from the current state."""

    lifecycle: str
    current: str
    target: str


S = TypeVar("S", bound=StrEnum)


class Lifecycle(Generic[S]):
    """The allowed moves between the states of one kind of record."""

    def __init__(self, name: str, moves: Mapping[S, AbstractSet[S]]) -> None:
        self.name = name
        self.moves = {state: frozenset(targets) for state, targets in moves.items()}
        states = type(next(iter(moves)))
        if missing := set(states) - set(moves):
            raise TypeError(f"{name}: no row for {sorted(missing)}")

    def allows(self, current: S, target: S) -> bool:
        return target in self.moves[current]

    def check(self, current: S, target: S) -> S:
        """Return `target`, or raise `IllegalMove`."""
        if not self.allows(current, target):
            raise IllegalMove(lifecycle=self.name, current=current, target=target)
        return target

    @property
    def terminal(self) -> frozenset[S]:
        return frozenset(state for state, targets in self.moves.items() if not targets)

    def mermaid(self) -> str:
        """A drawing; the drawing tool allows no hyphen in the name of a state."""
        drawn = {state: state.replace("-", "_") for state in self.moves}
        lines = [f'    state "{state}" as {drawn[state]}' for state in self.moves if "-" in state]
        lines += [
            f"    {drawn[a]} --> {drawn[b]}"
            for a, moves in self.moves.items()
            for b in sorted(moves)
        ]
        lines += [f"    {drawn[a]} --> [*]" for a in self.moves if a in self.terminal]
        return "\n".join(["stateDiagram-v2", *lines])
