"""Opening and closing every store a process works with."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Protocol
from zoneinfo import ZoneInfo

from beanie import Document
from redis.asyncio import Redis

from app.infra.blobs import MotorBlobs
from app.infra.lines import Lines
from app.infra.mongo import DEFAULT_DATABASE, bind_documents, open_mongo, open_motor
from app.infra.postgres import open_engine, open_sessions
from app.infra.stores import Stores
from app.infra.uow import UTC, Subscriptions, Works
from app.infra.wakeups import PolledWakeups, RedisWakeups, Wakeups
from app.kernel.clock import Clock

ASIDE_POOL_SIZE = 4


class Urls(Protocol):
    """Where the stores are; Redis may be missing."""

    @property
    def database_url(self) -> str: ...

    @property
    def mongo_url(self) -> str: ...

    @property
    def redis_url(self) -> str | None: ...


@asynccontextmanager
async def open_works(
    urls: Urls,
    *,
    subscriptions: Subscriptions,
    clock: Clock,
    documents: Sequence[type[Document]],
    zone: ZoneInfo = UTC,
) -> AsyncIterator[Works]:
    """Everything a process needs to begin units of work; closed again on the way out."""
    async with AsyncExitStack() as closing:
        engine = open_engine(urls.database_url)
        closing.push_async_callback(engine.dispose)
        aside_engine = open_engine(urls.database_url, pool_size=ASIDE_POOL_SIZE)
        closing.push_async_callback(aside_engine.dispose)
        mongo = open_mongo(urls.mongo_url)
        closing.push_async_callback(mongo.close)
        motor = open_motor(urls.mongo_url)
        closing.callback(motor.close)
        database = mongo.get_default_database(DEFAULT_DATABASE)
        await bind_documents(database, documents)
        stores = Stores(
            documents=database,
            blobs=MotorBlobs(motor.get_default_database(DEFAULT_DATABASE)),
            wakeups=open_wakeups(urls.redis_url, closing),
        )
        yield Works(
            lines=Lines(engine),
            asides=Lines(aside_engine),
            sessions=open_sessions(engine),
            subscriptions=subscriptions,
            stores=stores,
            clock=clock,
            zone=zone,
        )


def open_wakeups(redis_url: str | None, closing: AsyncExitStack) -> Wakeups:
    if redis_url is None:
        return PolledWakeups()
    redis = Redis.from_url(redis_url, socket_connect_timeout=1, socket_timeout=30)
    closing.push_async_callback(redis.aclose)
    return RedisWakeups(redis)
