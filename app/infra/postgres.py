"""Connections to Postgres: bounded, impatient, and silent about what they carry."""

from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

POOL_SIZE = 8
POOL_TIMEOUT_SECONDS = 30  # a burst waits its turn rather than being sent away
STATEMENT_TIMEOUT_MS = "30000"
LOCK_TIMEOUT_MS = "10000"
IDLE_IN_TRANSACTION_TIMEOUT_MS = "60000"


def open_engine(database_url: str, *, pool_size: int = POOL_SIZE) -> AsyncEngine:
    """An engine for a plain `postgresql://` URL."""
    return create_async_engine(
        sqlalchemy_url(database_url),
        pool_size=pool_size,
        max_overflow=4,
        pool_pre_ping=True,
        pool_timeout=POOL_TIMEOUT_SECONDS,
        hide_parameters=True,  # errors must not carry what patients told us
        connect_args={
            "timeout": 10,
            "server_settings": {
                "application_name": "dr-assistant",
                "statement_timeout": STATEMENT_TIMEOUT_MS,
                "lock_timeout": LOCK_TIMEOUT_MS,
                "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION_TIMEOUT_MS,
                "timezone": "UTC",
            },
        },
    )


def open_sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(engine, expire_on_commit=False)


def sqlalchemy_url(database_url: str) -> str:
    scheme, _, rest = database_url.partition("://")
    if scheme.split("+")[0] not in {"postgres", "postgresql"}:
        raise ValueError("DATABASE_URL must begin with postgresql://")
    return f"postgresql+asyncpg://{rest}"


def asyncpg_dsn(database_url: str) -> str:
    return f"postgresql://{database_url.partition('://')[2]}"
