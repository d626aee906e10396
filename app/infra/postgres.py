"""Connections to Postgres: bounded, impatient, and silent about what they carry."""

import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

POOL_SIZE = 12  # and never more: opening one costs more than waiting for one
POOL_TIMEOUT_SECONDS = 30  # a burst waits its turn rather than being sent away
IDLE_SECONDS = 1.0
PREPARED_STATEMENTS = 500  # the driver keeps so many for each connection, more than there are
STATEMENT_TIMEOUT_MS = "30000"
LOCK_TIMEOUT_MS = "10000"
IDLE_IN_TRANSACTION_TIMEOUT_MS = "60000"


# What Postgres calls it when a constraint or a lock is in the way.
UNIQUE_VIOLATION, EXCLUSION_VIOLATION, DEADLOCK = "23505", "23P01", "40P01"


def sqlstate_of(error: BaseException) -> str:
    """PostgreSQL's code for what went wrong, empty where it said none."""
    return str(getattr(getattr(error, "orig", None), "sqlstate", "") or "")


def open_engine(database_url: str, *, pool_size: int = POOL_SIZE) -> AsyncEngine:
    """An engine for a plain `postgresql://` URL."""
    engine = create_async_engine(
        sqlalchemy_url(database_url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_SECONDS,
        hide_parameters=True,  # errors must not carry what patients told us
        connect_args={
            "timeout": 10,
            "prepared_statement_cache_size": PREPARED_STATEMENTS,
            "max_cached_statement_lifetime": 0,  # a plan made once stays
            "server_settings": {
                "application_name": "dr-assistant",
                "statement_timeout": STATEMENT_TIMEOUT_MS,
                "lock_timeout": LOCK_TIMEOUT_MS,
                "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION_TIMEOUT_MS,
                "timezone": "UTC",
                "jit": "off",  # nothing asked here runs long enough to be worth compiling
            },
        },
    )
    event.listen(engine.sync_engine, "checkin", note_use)
    event.listen(engine.sync_engine, "checkout", refuse_lost)
    return engine


def note_use(_connection: Any, record: Any) -> None:
    record.info["used_at"] = time.monotonic()


def refuse_lost(connection: Any, record: Any, _proxy: Any) -> None:
    """Have the pool replace a connection that was lost.

    The driver hears when Postgres closes it. Only one that lay idle is asked with a trip, for a
    network may forget a connection without a word; SQLAlchemy's own ping asks every time, three
    trips each.
    """
    if connection.driver_connection.is_closed():
        raise DisconnectionError
    if time.monotonic() - record.info.get("used_at", time.monotonic()) > IDLE_SECONDS:
        try:
            connection.ping()
        except Exception as error:
            raise DisconnectionError from error


def open_sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(engine, expire_on_commit=False)


def sqlalchemy_url(database_url: str) -> str:
    scheme, _, rest = database_url.partition("://")
    if scheme.split("+")[0] not in {"postgres", "postgresql"}:
        raise ValueError("DATABASE_URL must begin with postgresql://")
    return f"postgresql+asyncpg://{rest}"


def asyncpg_dsn(database_url: str) -> str:
    return f"postgresql://{database_url.partition('://')[2]}"
