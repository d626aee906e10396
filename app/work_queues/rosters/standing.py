"""Who is there in somebody's place: substitutes, and the substitutes of those."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

Away = Mapping[UUID, UUID | None]  # who is out of office, and who stands in for them, if anybody


class Stand(NamedTuple):
    """Somebody who is there. `in_place_of`: whose duty it was, when not their own."""

    user_id: UUID
    in_place_of: UUID | None


class Leave(NamedTuple):
    """From when to when somebody is away, and who stands in for them."""

    user_id: UUID
    substitute_id: UUID | None
    starts_at: datetime
    ends_at: datetime


class Stretch(NamedTuple):
    """A time without a change. No stand: nobody is there."""

    starts_at: datetime
    ends_at: datetime
    stand: Stand | None


def stand_for(user_id: UUID, away: Away) -> Stand | None:
    """Who is there for somebody. None: nobody; a chain that comes back to itself is nobody too."""
    there: UUID | None = user_id
    passed: set[UUID] = set()
    while there is not None and there in away:
        if there in passed:
            return None
        passed.add(there)
        there = away[there]
    if there is None:
        return None
    return Stand(there, None if there == user_id else user_id)


def each_once(stands: Iterable[Stand]) -> list[Stand]:
    """Nobody twice: who has a duty of their own is there for that, whomever else they stand for."""
    found: dict[UUID, Stand] = {}
    for stand in stands:
        known = found.get(stand.user_id)
        if known is None or (known.in_place_of is not None and stand.in_place_of is None):
            found[stand.user_id] = stand
    return list(found.values())


def stretches(
    user_id: UUID, starts_at: datetime, ends_at: datetime, leaves: Sequence[Leave]
) -> list[Stretch]:
    """Who is there for somebody from when to when; what is told ends where it changes."""
    near = [leave for leave in leaves if leave.starts_at < ends_at and leave.ends_at > starts_at]
    edges = {starts_at, ends_at, *(edge for leave in near for edge in leave[2:])}
    inside = sorted(edge for edge in edges if starts_at <= edge <= ends_at)
    found: list[Stretch] = []
    for begin, end in pairwise(inside):
        away = {
            leave.user_id: leave.substitute_id
            for leave in near
            if leave.starts_at <= begin < leave.ends_at
        }
        stand = stand_for(user_id, away)
        if found and found[-1].stand == stand:
            found[-1] = found[-1]._replace(ends_at=end)
        else:
            found.append(Stretch(begin, end, stand))
    return found
