"""Whether this installation can work: the stores, the schema, the speech model."""

import asyncio
from collections.abc import Mapping

from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import text

from app.clinical import transcription
from app.infra import migrate
from app.infra.http.health import Check, Finding, Verdict
from app.infra.opening import Urls
from app.infra.uow import Works
from app.settings import Settings

OK = Finding(Verdict.OK)


def checks(
    settings: Settings, urls: Urls, works: Works, *, thorough: bool = False
) -> Mapping[str, Check]:
    """Named checks for /readyz and `dra doctor`; each says what to do when it fails.

    `thorough` really loads the speech model, which takes seconds and memory.
    """

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
        setting = settings.effective_speech_model
        return await asyncio.to_thread(model_finding, setting, thorough=thorough)

    return {
        "postgres": postgres,
        "mongo": mongo,
        "redis": redis,
        "migrations": migrations,
        "speech_model": speech_model,
    }


def model_finding(setting: str | None, *, thorough: bool) -> Finding:
    """Whether a speech model is named and found, and loads if that is asked."""
    if setting is None:
        return Finding(Verdict.FAILED, "set DRA_SPEECH_MODEL to a hub name or a local folder")
    checked = transcription.check_model(setting, load=thorough)
    verdict = Verdict.OK if checked.usable else Verdict.FAILED
    return Finding(verdict, f"{checked.finding}. {checked.advice}".strip())


def failed(error: Exception, advice: str) -> Finding:
    return Finding(Verdict.FAILED, f"{type(error).__name__}: {advice}")
