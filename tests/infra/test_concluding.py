"""A deed takes all that was said of it along, or leaves nothing."""

from operator import itemgetter
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from app import audit
from app.identity.models import LoginDelay
from app.infra.outbox import OutboxRow
from app.infra.prepared import Deed
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor
from app.patients import PatientsMerged

SOMEBODY = Actor.system("test-setup")
TABLE = LoginDelay.__table__
said = insert(TABLE).values(
    username_sha256=bindparam("name"), failures=bindparam("failures"), last_failure_at=func.now()
)
done = said.on_conflict_do_nothing().returning(TABLE.c.failures).cte("done")
DELAY = Deed(select(done.c.failures), itemgetter(0))
FIRST, AGAIN = {"name": b"a" * 32, "failures": 1}, {"name": b"a" * 32, "failures": 2}


async def say(uow: UnitOfWork) -> None:
    await audit.record(uow, "login.delay")
    await uow.publish(
        PatientsMerged(merge_id=uuid4(), absorbed_id=uuid4(), survivor_id=uuid4(), carried=[])
    )
    await uow.enqueue("test.delay", {})


async def counted(works: Works) -> tuple[int | None, ...]:
    """Delays, traces, facts."""
    async with works.sessions() as db:
        tables: tuple[Any, ...] = (LoginDelay, audit.AuditEvent, OutboxRow)
        return tuple([await db.scalar(select(func.count()).select_from(each)) for each in tables])


async def test_done_with_all_that_was_said_without_a_transaction_around_it(works: Works) -> None:
    async with works.begin(SOMEBODY) as uow:
        await say(uow)
        assert await uow.conclude(DELAY, FIRST) == 1
        assert not uow.line.driver.is_in_transaction()
        assert await counted(works) == (1, 1, 1)
        with pytest.raises(RuntimeError):
            await say(uow)
    assert await counted(works) == (1, 1, 1)


async def test_what_is_not_done_leaves_nothing_and_the_work_goes_on(works: Works) -> None:
    async with works.begin(SOMEBODY) as uow:
        await uow.conclude(DELAY, FIRST)
    async with works.begin(SOMEBODY) as uow:
        before = uow.paperwork.mark()
        await say(uow)
        assert await uow.conclude(DELAY, AGAIN) is None
        assert await counted(works) == (1, 0, 0)
        uow.paperwork.tear_up(before)
        await audit.record(uow, "login.go-on")
    assert await counted(works) == (1, 1, 0)


async def test_after_something_was_written_it_is_a_part_of_that(works: Works) -> None:
    async def begin_and_fail() -> None:
        async with works.begin(SOMEBODY) as uow:
            await uow.line.begin()
            await say(uow)
            assert await uow.conclude(DELAY, FIRST) == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await begin_and_fail()
    assert await counted(works) == (0, 0, 0)
