"""Who is there in somebody's place: substitutes, and the substitutes of those."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

Away = Mapping[UUID, UUID | None]  # who is out of office, and who stands in for them, if anybody


class Stand(NamedTuple):
    """Somebody who is there. `in_place_of`: whose duty it was, when not their own."""

    user_id: UUID
    in_place_of: UUID | None


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
