"""A line to PostgreSQL: one connection of the pool, lent to one unit of work.

SQLAlchemy's session is made when somebody needs one: it costs more than most answers. Whatever
is said, by the session or straight to the driver, is said in the same transaction.

The transaction begins with the first thing that needs one. Under "read committed" every statement
sees what is committed by then, so what was only looked at before is as good as within; and where
all there is to write is one statement, it is a transaction of its own: a trip to say "begin" and a
trip to say "commit" would buy nothing.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import Connection, event, inspect
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession
from sqlalchemy.orm import Session, SessionTransaction, make_transient_to_detached
from sqlalchemy.pool import AsyncAdaptedQueuePool

from app.infra.orm import Model
from app.infra.postgres import POOL_TIMEOUT_SECONDS
from app.infra.prepared import Look, Prepared

R = TypeVar("R")
M = TypeVar("M", bound=Model)

BEGIN, COMMIT = "begin isolation level read committed", "commit"
ROLLBACK_SECONDS = 10


class SessionOnLine(Session):
    """A session that begins the transaction of its line with the first thing it says."""


@event.listens_for(SessionOnLine, "after_begin")
def begin_on_line(session: Session, _: SessionTransaction, connection: Connection) -> None:
    line: Line = session.info["line"]
    adapted: Any = connection.connection.dbapi_connection
    adapted.run_async(lambda _driver: line.begin())


class Line:
    """A lent connection.

    Without `transacts` no transaction ever begins: each statement stands alone.
    """

    def __init__(
        self, connection: AsyncConnection, driver: asyncpg.Connection, *, transacts: bool
    ) -> None:
        self.driver = driver
        self._connection = connection
        self._transacts = transacts
        self._begun = False
        self._unanswered = False  # something was said, and how it ended is not known
        self._session: AsyncSession | None = None
        self._stored: list[Model] = []

    @property
    def session(self) -> AsyncSession:
        """The session on this connection; it begins the line's transaction, but never ends it."""
        if self._session is None:
            sync = self._connection.sync_connection
            assert sync is not None
            sync.execution_options(isolation_level="AUTOCOMMIT")
            self._session = AsyncSession(
                self._connection,
                expire_on_commit=False,
                sync_session_class=SessionOnLine,
                info={"line": self},
            )
            self._session.add_all(self._stored)
        return self._session

    async def begin(self) -> None:
        """Begin the transaction, if there is to be one and it has not begun."""
        if self._transacts and not self._begun:
            await self._say(BEGIN)
            self._begun = True

    async def commit(self) -> None:
        """Write what was changed on objects, and end the transaction if one began."""
        if self._session is not None or self._stored_changed:
            await self.session.flush()
        if self._begun:
            await self._say(COMMIT)
            self._begun = False

    async def ask(self, prepared: Prepared[R], asked: Mapping[str, Any]) -> list[R]:
        """Every row; raises `DBAPIError`, as the session does."""
        if self._session is not None:
            await self._session.flush()
            await self._session.connection()  # a savepoint is made only when it is first used
        if not isinstance(prepared, Look):
            await self.begin()
        return await self._fetch(prepared, asked)

    async def ask_at_last(self, prepared: Prepared[R], asked: Mapping[str, Any]) -> list[R]:
        """Like `ask`, for the last thing that is said: where nothing began, it stands alone."""
        if self._begun or self._session is not None or self._stored_changed:
            return await self.ask(prepared, asked)
        return await self._fetch(prepared, asked)

    @property
    def _stored_changed(self) -> bool:
        return any(inspect(each).modified for each in self._stored)

    async def _fetch(self, prepared: Prepared[R], asked: Mapping[str, Any]) -> list[R]:
        self._unanswered = True
        with refusals_told(self.driver, prepared.sql):
            records = await self.driver.fetch(prepared.sql, *prepared.arguments(asked))
        self._unanswered = False
        return [prepared.answer(record) for record in records]

    async def _say(self, words: str) -> None:
        self._unanswered = True
        with refusals_told(self.driver, words):
            await self.driver.execute(words)
        self._unanswered = False

    async def ask_one(self, prepared: Prepared[R], asked: Mapping[str, Any]) -> R | None:
        """The only row, or None where there is none."""
        rows = await self.ask(prepared, asked)
        assert len(rows) <= 1
        return rows[0] if rows else None

    def adopt(self, stored: Model) -> None:
        """Look after a row that was stored with a statement as if the session had stored it."""
        make_transient_to_detached(stored)
        if self._session is None:
            self._stored.append(stored)
        else:
            self._session.add(stored)

    async def adopt_known(self, stored: M) -> M:
        """The same for a row that the session may have read before; returns what it knows it as."""
        if self._session is None:
            self.adopt(stored)
            return stored
        make_transient_to_detached(stored)
        return await self._session.merge(stored, load=False)

    async def give_back(self) -> None:
        if self._session is not None:
            await self._session.close()
        await self._connection.close()

    async def give_up(self) -> None:
        """Roll back and give back; a connection that cannot even do that is thrown away."""
        if self._begun or self._unanswered or self._session is not None:
            try:
                await self.driver.execute("rollback", timeout=ROLLBACK_SECONDS)
            except Exception:  # noqa: BLE001 - whatever it is: PostgreSQL forgets whom it cannot hear
                await self._connection.invalidate()
        await self.give_back()


class Lines:
    """Lends the lines of a process, in the order in which they were asked for.

    SQLAlchemy's own queue gives one that comes back to whoever asks next, though others have waited
    longer: under load a few are served at once and the others seem forgotten.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        pool = engine.pool
        assert isinstance(pool, AsyncAdaptedQueuePool)
        self._free = asyncio.Semaphore(pool.size())

    @asynccontextmanager
    async def lent(self, *, transacts: bool = False) -> AsyncIterator[Line]:
        """A line on which each statement stands alone, unless it `transacts`.

        Raises SQLAlchemy's `TimeoutError` where none comes free in time.
        """
        await self._wait_for_turn()
        try:
            async with lent_from(self.engine, transacts=transacts) as line:
                yield line
        finally:
            self._free.release()

    async def _wait_for_turn(self) -> None:
        try:
            async with asyncio.timeout(POOL_TIMEOUT_SECONDS):
                await self._free.acquire()
        except TimeoutError:
            raise PoolTimeout("no connection came free in time") from None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Line]:
        """A line with a transaction: committed at the end, rolled back if anything is raised."""
        async with self.lent(transacts=True) as line:
            yield line
            await line.commit()


@asynccontextmanager
async def lent_from(engine: AsyncEngine, *, transacts: bool) -> AsyncIterator[Line]:
    connection = await engine.connect()
    line = Line(connection, await driver_of(connection), transacts=transacts)
    try:
        yield line
    except BaseException:
        # To its end, even if we are cancelled meanwhile: a lost connection would keep its locks.
        await asyncio.shield(asyncio.create_task(line.give_up()))
        raise
    await line.give_back()


async def driver_of(connection: AsyncConnection) -> asyncpg.Connection:
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None
    return driver


@contextmanager
def refusals_told(driver: asyncpg.Connection, words: str) -> Iterator[None]:
    """Raise what the driver raises as SQLAlchemy would; what was asked stays unsaid."""
    try:
        yield
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        broken = isinstance(error, asyncpg.IntegrityConstraintViolationError)
        kind = IntegrityError if broken else DBAPIError
        lost = driver.is_closed()
        raise kind(words, None, error, hide_parameters=True, connection_invalidated=lost) from error
