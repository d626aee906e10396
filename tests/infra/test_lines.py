"""A unit of work is one transaction, whichever way it speaks to Postgres."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.exc import DBAPIError

from app import audit
from app.identity import User, UserStatus
from app.infra.postgres import sqlstate_of
from app.infra.prepared import Look, Prepared
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor, Role

SOMEBODY = Actor.system("test-setup")
USERS = User.__table__.c
STATUSES = Prepared(
    select(USERS.username, USERS.status, USERS.created_at)
    .where(USERS.role.in_((Role.NURSE, Role.DOCTOR)), USERS.id == bindparam("id"))
    .limit(1),
    tuple,
)
RENAME = Prepared(text("update users set username = :name where id = :id"), tuple)
LOCK = Prepared(text("select from users where id = :id for update"), tuple)
DIE = Prepared(text("select pg_terminate_backend(pg_backend_pid())"), tuple)
WAIT = Prepared(text("select pg_sleep(30)"), tuple)


def a_nurse(uow: UnitOfWork, username: str = "nora") -> User:
    return User(
        id=uuid4(),
        username=username,
        full_name="Nora",
        role=Role.NURSE,
        password_hash="none",
        status=UserStatus.ACTIVE,
        created_at=uow.now,
        updated_at=uow.now,
    )


async def names(works: Works) -> list[str]:
    async with works.sessions() as db:
        return list(await db.scalars(select(User.username).order_by(User.username)))


async def stored(works: Works) -> UUID:
    async with works.begin(SOMEBODY) as uow:
        nurse = a_nurse(uow)
        uow.db.add(nurse)
    return nurse.id


async def test_values_come_as_the_types_of_their_columns(works: Works) -> None:
    nurse_id = await stored(works)
    async with works.glance(SOMEBODY) as uow:
        ((name, status, created_at),) = await uow.line.ask(STATUSES, {"id": nurse_id})
    assert (name, status) == ("nora", UserStatus.ACTIVE)
    assert isinstance(status, UserStatus)
    assert isinstance(created_at, datetime)
    assert STATUSES.sql.count("$") == 1, "what never changes is a part of the text"


async def test_a_question_sees_what_was_changed_on_objects(works: Works) -> None:
    async with works.begin(SOMEBODY) as uow:
        nurse = a_nurse(uow)
        uow.db.add(nurse)
        assert await uow.line.ask(STATUSES, {"id": nurse.id})


async def test_both_ways_roll_back_together(works: Works) -> None:
    nurse_id = await stored(works)

    async def change_and_fail() -> None:
        async with works.begin(SOMEBODY) as uow:
            uow.db.add(a_nurse(uow, "other"))
            await uow.line.ask(RENAME, {"id": nurse_id, "name": "renamed"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await change_and_fail()
    assert await names(works) == ["nora"]


async def test_a_savepoint_takes_back_what_went_straight_to_the_driver(works: Works) -> None:
    nurse_id = await stored(works)

    async def rename_and_fail(uow: UnitOfWork) -> None:
        async with uow.db.begin_nested():
            await uow.line.ask(RENAME, {"id": nurse_id, "name": "renamed"})
            raise ZeroDivisionError

    async with works.begin(SOMEBODY) as uow:
        with pytest.raises(ZeroDivisionError):
            await rename_and_fail(uow)
        uow.db.add(a_nurse(uow, "other"))
    assert await names(works) == ["nora", "other"]


async def test_a_refusal_is_told_as_the_session_tells_it(works: Works) -> None:
    nurse_id = await stored(works)

    async def take_a_name_twice() -> None:
        async with works.begin(SOMEBODY) as uow:
            uow.db.add(a_nurse(uow, "taken"))
            await uow.line.ask(RENAME, {"id": nurse_id, "name": "taken"})

    with pytest.raises(DBAPIError) as refused:
        await take_a_name_twice()
    assert sqlstate_of(refused.value) == "23505"
    assert await names(works) == ["nora"]


async def test_a_stored_row_is_looked_after_like_any_other(works: Works) -> None:
    async with works.begin(SOMEBODY) as uow:
        nurse = a_nurse(uow)
        columns: Any = User.__table__.c.keys()
        row = {name: getattr(nurse, name) for name in columns if getattr(nurse, name) is not None}
        await uow.line.ask(Prepared(insert(User).values(named(row)), tuple), row)
        uow.line.adopt(nurse)
        nurse.username = "renamed"
    assert await names(works) == ["renamed"]


def named(row: dict[str, Any]) -> dict[str, Any]:
    return {name: bindparam(name) for name in row}


async def test_nothing_is_committed_in_a_glance_that_only_looked(works: Works) -> None:
    async with works.glance(SOMEBODY) as uow:
        assert not uow.line.driver.is_in_transaction()
        assert (await uow.db.execute(text("select 1"))).scalar_one() == 1
        assert not uow.line.driver.is_in_transaction()


async def test_who_is_cancelled_gives_the_connection_back_without_its_locks(works: Works) -> None:
    nurse_id = await stored(works)
    waiting = asyncio.Event()

    async def hold_and_wait() -> None:
        async with works.begin(SOMEBODY) as uow:
            await uow.line.ask(RENAME, {"id": nurse_id, "name": "renamed"})
            waiting.set()
            await uow.line.ask(WAIT, {})

    for _ in range(works.lines.engine.pool.size() + 1):  # type: ignore[attr-defined]
        waiting.clear()
        holding = asyncio.create_task(hold_and_wait())
        await waiting.wait()
        holding.cancel()
        with pytest.raises(asyncio.CancelledError):
            await holding
    assert works.lines.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    async with works.begin(SOMEBODY) as uow:
        await uow.db.execute(text("set local lock_timeout = '1s'"))
        await uow.line.ask(LOCK, {"id": nurse_id})
    assert await names(works) == ["nora"]


async def test_a_connection_that_was_lost_is_replaced(works: Works) -> None:
    async def end_it() -> None:
        async with works.begin(SOMEBODY) as uow:
            await uow.line.ask(DIE, {})

    with pytest.raises(DBAPIError) as lost:
        await end_it()
    assert lost.value.connection_invalidated
    assert await names(works) == []
    await stored(works)
    assert await names(works) == ["nora"]


async def test_what_only_looks_begins_no_transaction(works: Works) -> None:
    nurse_id = await stored(works)
    looking = Look(select(USERS.username).where(USERS.id == bindparam("id")), tuple)
    async with works.begin(SOMEBODY) as uow:
        assert await uow.line.ask(looking, {"id": nurse_id}) == [("nora",)]
        assert not uow.line.driver.is_in_transaction()
        await uow.line.ask(RENAME, {"id": nurse_id, "name": "renamed"})
        assert uow.line.driver.is_in_transaction()
        assert await uow.line.ask(looking, {"id": nurse_id}) == [("renamed",)]
    async with works.begin(SOMEBODY) as uow:
        await uow.db.execute(text("select 1"))
        assert uow.line.driver.is_in_transaction()
    assert await names(works) == ["renamed"]


@pytest.mark.parametrize(
    "words",
    [
        "select from users where id = :id for share",
        "with gone as (delete from users where id = :id) select",
        "select pg_advisory_xact_lock(:id)",
    ],
)
async def test_what_writes_or_locks_is_no_look(words: str) -> None:
    with pytest.raises(TypeError, match="needs a transaction"):
        Look(text(words), tuple)


async def test_a_trace_alone_is_a_transaction_of_its_own(works: Works) -> None:
    async with works.begin(SOMEBODY) as uow:
        await audit.record(uow, "nothing.look")
        await uow.paperwork.file(uow.line)
        assert not uow.line.driver.is_in_transaction()
        async with works.sessions() as db:
            assert await db.scalar(select(audit.AuditEvent.action)) == "nothing.look"
        uow.paperwork.rows.clear()
