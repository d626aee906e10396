"""`Idempotency-Key`: the second time a creating request gets the first one's answer."""

import hashlib
import json
from datetime import timedelta
from typing import Any, NamedTuple

from fastapi import Request, Response
from sqlalchemy import text

from app.infra.prepared import Prepared
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor
from app.kernel.errors import Conflict, Invalid

HEADER = "idempotency-key"
MAX_KEY = 200
KEPT_FOR = timedelta(days=1)
SWEEPER = Actor.system("idempotency-sweeper")
KEPT_HEADERS = ("content-type", "etag", "location")


class Answered(NamedTuple):
    """What is known of a key: for what it was used, and what was answered."""

    route: str
    request_sha256: str
    status: int | None
    headers: dict[str, str]
    body: bytes


CLAIM = Prepared(
    text(
        "insert into idempotency_keys (actor_id, key, route, request_sha256, created_at)"
        " values (:actor, :key, :route, :sha, :now) on conflict do nothing returning key"
    ),
    tuple,
)
RECALL = Prepared(
    text(
        "select route, request_sha256, status, headers, body from idempotency_keys"
        " where actor_id = :actor and key = :key"
    ),
    Answered._make,
)
REMEMBER = Prepared(
    text(
        "update idempotency_keys set status = :status, headers = cast(:headers as jsonb),"
        " body = :body where actor_id = :actor and key = :key"
    ),
    tuple,
)
FORGET = text("delete from idempotency_keys where created_at < :before")


class IdempotencyKeyReused(Invalid):
    """This Idempotency-Key was used before for a different request."""


class IdempotencyKeyTooLong(Invalid):
    """An Idempotency-Key has at most 200 characters."""


class AnswerShownOnce(Conflict):
    """This request was carried out before; its answer held a secret that is shown once."""


class Replay(Exception):
    """The request was answered before; this is the answer."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        super().__init__("already answered")
        self.status, self.headers, self.body = status, headers, body


def wants_remembering(request: Request) -> bool:
    return request.method == "POST" and bool(getattr(request.state, "idempotent_uow", None))


async def claim(request: Request, uow: UnitOfWork) -> None:
    """Reserve the key in the caller's transaction; raises `Replay` when it was answered before.

    A rival with the same key waits here until the first commits, then gets its answer.
    """
    key = request.headers.get(HEADER)
    if request.method != "POST" or key is None:
        return
    if not key or len(key) > MAX_KEY:
        raise IdempotencyKeyTooLong
    route = request.url.path
    sha = hashlib.sha256(await request.body()).hexdigest()
    facts = {"actor": uow.actor.id, "key": key}
    if await uow.line.ask(CLAIM, {**facts, "route": route, "sha": sha, "now": uow.now}):
        request.state.idempotent_uow = uow
        return
    (before,) = await uow.line.ask(RECALL, facts)
    if (before.route, before.request_sha256) != (route, sha):
        raise IdempotencyKeyReused
    if before.status is None:
        raise AnswerShownOnce
    raise Replay(before.status, before.headers, before.body)


def keep_out_of_memory(request: Request) -> None:
    """Do not store this answer, for it holds a secret: a retry is refused instead."""
    request.state.idempotent_uow = None


async def remember_answer(request: Request, response: Response) -> None:
    """Store the answer beside the change it belongs to; both commit together."""
    uow: UnitOfWork = request.state.idempotent_uow
    headers: dict[str, Any] = {k: v for k, v in response.headers.items() if k in KEPT_HEADERS}
    await uow.line.ask(
        REMEMBER,
        {
            "actor": uow.actor.id,
            "key": request.headers[HEADER],
            "status": response.status_code,
            "headers": json.dumps(headers),
            "body": bytes(response.body),
        },
    )


async def forget_old_keys(works: Works) -> None:
    """Nobody repeats a request after a day."""
    async with works.begin(SWEEPER) as uow:
        await uow.db.execute(FORGET, {"before": uow.now - KEPT_FOR})


async def on_replay(request: Request, error: Exception) -> Response:
    assert isinstance(error, Replay)
    headers = {**error.headers, "idempotent-replay": "true"}
    return Response(error.body, status_code=error.status, headers=headers)
