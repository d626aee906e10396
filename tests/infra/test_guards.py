"""Whoever stands above is asked before something is done, and may refuse."""

from dataclasses import dataclass

import pytest

from app.infra.uow import Subscriptions, UnitOfWork, Works
from app.kernel.actors import Actor

SOMEBODY = Actor.system("test")


@dataclass(frozen=True)
class AboutToLeave:
    by: str


class StillNeededError(Exception):
    pass


async def test_guards_are_asked_in_turn_and_the_first_refusal_counts(works: Works) -> None:
    asked: list[str] = []

    async def note(uow: UnitOfWork, intention: AboutToLeave) -> None:
        asked.append(intention.by)

    async def refuse(uow: UnitOfWork, intention: AboutToLeave) -> None:
        raise StillNeededError

    works.subscriptions.before(AboutToLeave, note)
    works.subscriptions.before(AboutToLeave, refuse)
    works.subscriptions.before(AboutToLeave, note)
    with pytest.raises(StillNeededError):
        async with works.begin(SOMEBODY) as uow:
            await uow.ask_guards(AboutToLeave("nora"))
    assert asked == ["nora"]


async def test_what_nobody_guards_is_simply_done(works: Works) -> None:
    assert Subscriptions().guards_of(AboutToLeave) == []
    async with works.begin(SOMEBODY) as uow:
        await uow.ask_guards(AboutToLeave("nora"))
