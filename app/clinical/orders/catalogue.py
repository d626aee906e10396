"""Finding what may be ordered, by the words that people type."""

import re
from collections.abc import Collection, Iterable
from typing import Any

from app.clinical.orders import policies, repository
from app.clinical.orders.models import Orderable
from app.clinical.orders.schemas import OrderKind
from app.infra.uow import UnitOfWork

WORDS = re.compile(r"[^\W_]+")
UNLIKE = 9
KINDS = list(OrderKind)  # of two as good the laboratory's first


async def find_orderables(
    uow: UnitOfWork, question: str = "", *, kind: OrderKind | None = None, limit: int = 20
) -> list[Orderable]:
    """What may be ordered today, the best match first; no question: the first by name.

    Every word asked for begins a word of the name or of one synonym. Nothing about a patient, so
    it leaves no trace.
    """
    policies.require_reader(uow)
    words = WORDS.findall(question.casefold())
    if question.strip() and not words:
        return []
    ranked: list[tuple[Any, Orderable]] = []
    for one in await repository.catalogue(uow, uow.today):
        if kind is not None and one.kind is not kind:
            continue
        place = min(rank(words, each) for each in names_of(one))
        if place < UNLIKE:
            ranked.append(((place, KINDS.index(one.kind), len(one.name), one.name), one))
    ranked.sort(key=lambda pair: pair[0])
    return [one for _, one in ranked[:limit]]


async def known_orderables(uow: UnitOfWork, keys: Collection[str]) -> dict[str, Orderable]:
    """By key, for whoever shows what was ordered; what is not ordered any more as well."""
    policies.require_reader(uow)
    return await repository.orderables(uow, keys)


def names_of(one: Orderable) -> Iterable[list[str]]:
    for name in (one.name, *one.synonyms):
        yield WORDS.findall(name.casefold())


def rank(asked: list[str], name: list[str]) -> int:
    """0: it is that; 1: it begins like that; 2: in that order; 3: in any; `UNLIKE`: it is not."""
    if asked == name or "".join(asked) == "".join(name):
        return 0
    if " ".join(name).startswith(" ".join(asked)):
        return 1
    if not all(any(word.startswith(each) for word in name) for each in asked):
        return UNLIKE
    return 2 if name and asked and name[0].startswith(asked[0]) else 3
