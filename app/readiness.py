"""Whether this installation can work: the stores, the schema, the speech model."""

import asyncio
from collections.abc import Mapping

from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import text

from app.infra import migrate
from app.infra.http.health import Check, Finding, Verdict
from app.infra.opening import Urls
from app.infra.uow import Works
from app.settings import Settings

OK = Finding(Verdict.OK)


def checks(settings: Settings, urls: Urls, works: Works) -> Mapping[str, Check]:
    """Named checks for /readyz and `dra doctor`; each says what to do when it fails."""

    async def postgres() -> Finding:
        try:
            async with works.sessions() as session:
                await session.execute(text("select 1"))
        except Exception as error:  # noqa: BLE001 - whatever is wrong, it is not ready
            return failed(error, "check DATABASE_URL and that the server runs")
        return OK

    async def mongo() -> Finding:
        try:
            await works.stores.documents.command("ping")
        except Exception as error:  # noqa: BLE001
            return failed(error, "check MONGO_URL and that the server runs")
        return OK

    async def redis() -> Finding:
        if urls.redis_url is None:
            return Finding(Verdict.DEGRADED, "no Redis: live pages look again every second")
        client = Redis.from_url(urls.redis_url, socket_connect_timeout=1, socket_timeout=1)
        try:
            await client.ping()
        except (RedisError, OSError):
            return Finding(Verdict.DEGRADED, "Redis is away: live pages look again every second")
        finally:
            await client.aclose()
        return OK

    async def migrations() -> Finding:
        try:
            waiting = await migrate.pending(urls.database_url)
        except Exception as error:  # noqa: BLE001
            return failed(error, "run `dra migrate status`")
        if waiting:
            return Finding(Verdict.FAILED, f"{len(waiting)} to apply: run `dra migrate up`")
        return OK

    async def speech_model() -> Finding:
        return await asyncio.to_thread(model_finding, settings.effective_speech_model)

    return {
        "postgres": postgres,
        "mongo": mongo,
        "redis": redis,
        "migrations": migrations,
        "speech_model": speech_model,
    }


def model_finding(setting: str | None) -> Finding:
    """Whether a speech model is named and found; loads no weights."""
    if setting is None:
        return Finding(Verdict.FAILED, "set DRA_SPEECH_MODEL to a hub name or a local folder")
    return OK


def failed(error: Exception, advice: str) -> Finding:
    return Finding(Verdict.FAILED, f"{type(error).__name__}: {advice}")
