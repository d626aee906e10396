"""What a route may ask for; all of it async, because the rest FastAPI sends to a thread."""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request

from app.infra.http.callers import origin_of
from app.infra.http.idempotency import claim
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor, Caller
from app.kernel.paging import MAX_PAGE, Cursor, PageRequest

STRANGER = Actor(id=UUID(int=0), name="stranger", roles=frozenset())


async def get_caller(request: Request) -> Caller:
    """The caller whom the route has admitted."""
    caller: Caller = request.state.caller
    return caller


async def get_uow(request: Request) -> AsyncIterator[UnitOfWork]:
    works: Works = request.state.works
    caller: Caller | None = getattr(request.state, "caller", None)
    actor = caller.actor if caller else STRANGER
    async with works.begin(actor, origin=origin_of(request)) as uow:
        await claim(request, uow)
        yield uow


async def get_page(
    cursor: Annotated[str | None, Query(max_length=200, description="From next_cursor.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 25,
) -> PageRequest:
    return PageRequest(limit=limit, cursor=Cursor.decode(cursor) if cursor else None)


CurrentCaller = Annotated[Caller, Depends(get_caller)]

# scope="function" commits before the response leaves, so a failed commit is an error the
# client sees. FastAPI's default commits after the client has already been told "201".
Uow = Annotated[UnitOfWork, Depends(get_uow, scope="function")]

Paging = Annotated[PageRequest, Depends(get_page)]
