"""Tasks over HTTP; lists of them are the queues."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Response

from app.infra.http.access import allow
from app.infra.http.deps import Uow
from app.infra.http.etags import IfMatch, put_etag
from app.infra.http.problems import described
from app.infra.http.routing import api_router
from app.infra.uow import UnitOfWork
from app.work_queues import items
from app.work_queues.items import (
    WORKERS,
    Because,
    History,
    ItemKind,
    NewComment,
    NewLink,
    PassOn,
    PutOff,
    Receiver,
    WorkItem,
)
from app.work_queues.tasks import queries, service
from app.work_queues.tasks.adding import add_task, asked_for
from app.work_queues.tasks.editing import edit_task
from app.work_queues.tasks.schemas import AddTask, EditTask, TaskOut, Tick

router = api_router("/tasks", "tasks")
AT = "/{task_id:uuid}"
WHO = [allow(*WORKERS)]
NO_REASON = Because()
STALE: dict[int | str, dict[str, Any]] = {
    412: described(
        HTTPStatus.PRECONDITION_FAILED, "item-changed: somebody changed it since you read it"
    ),
    428: described(
        HTTPStatus.PRECONDITION_REQUIRED,
        "precondition-missing: send If-Match with the ETag you read",
    ),
}
OPEN: dict[int | str, dict[str, Any]] = {
    409: described(HTTPStatus.CONFLICT, "checklist-open: positions says which steps are missing")
}


async def shown(uow: UnitOfWork, response: Response, item: WorkItem) -> TaskOut:
    put_etag(response, item.version)
    return await queries.described(uow, item)


@router.post("", status_code=201, dependencies=WHO)
async def post_task(body: AddTask, uow: Uow, response: Response) -> TaskOut:
    """Add a task for a pool or a person, perhaps from a template."""
    item = await add_task(uow, asked_for(body))
    response.headers["Location"] = f"/api/v1/tasks/{item.id}"
    return await shown(uow, response, item)


@router.get(AT, dependencies=WHO)
async def get_task(task_id: UUID, uow: Uow, response: Response) -> TaskOut:
    """A task with everything a side panel shows; the ETag is the version to send when changing."""
    found = await queries.read_task(uow, task_id)
    put_etag(response, found.version)
    return found


@router.patch(AT, dependencies=WHO, responses=STALE)
async def patch_task(
    task_id: UUID, body: EditTask, version: IfMatch, uow: Uow, response: Response
) -> TaskOut:
    """Change what it says, whom it is for, when it is due or what it waits for."""
    return await shown(uow, response, await edit_task(uow, task_id, body, version=version))


@router.get(f"{AT}/history", dependencies=WHO)
async def get_task_history(task_id: UUID, uow: Uow) -> History:
    """Everything that happened to it, in order."""
    return await queries.history(uow, task_id)


@router.post(f"{AT}/comments", status_code=201, dependencies=WHO)
async def comment_on_task(task_id: UUID, body: NewComment, uow: Uow, response: Response) -> TaskOut:
    """Say something about it."""
    item = await items.comment(uow, task_id, body.text, kind=ItemKind.TASK)
    return await shown(uow, response, item)


@router.post(f"{AT}/links", status_code=201, dependencies=WHO)
async def link_to_task(task_id: UUID, body: NewLink, uow: Uow, response: Response) -> TaskOut:
    """Attach something that lies elsewhere."""
    item = await items.add_link(uow, task_id, url=body.url, label=body.label, kind=ItemKind.TASK)
    return await shown(uow, response, item)


@router.put(f"{AT}/checklist/{{position}}", dependencies=WHO)
async def tick_task(
    task_id: UUID,
    position: Annotated[int, Path(ge=1, le=50)],
    body: Tick,
    uow: Uow,
    response: Response,
) -> TaskOut:
    """Tick off a step, or take the tick back."""
    item = await service.tick(uow, task_id, position, done=body.done)
    return await shown(uow, response, item)


@router.post(f"{AT}/claim", status_code=201, dependencies=WHO)
async def claim_task(task_id: UUID, uow: Uow, response: Response) -> TaskOut:
    """Take it, so that nobody else does."""
    return await shown(uow, response, await items.claim(uow, task_id, kind=ItemKind.TASK))


@router.post(f"{AT}/release", status_code=201, dependencies=WHO)
async def release_task(
    task_id: UUID, uow: Uow, response: Response, body: Because = NO_REASON
) -> TaskOut:
    """Give it back: it waits again, in its old place."""
    item = await items.release(uow, task_id, kind=ItemKind.TASK, reason=body.reason)
    return await shown(uow, response, item)


@router.post(f"{AT}/handover", status_code=201, dependencies=WHO)
async def hand_over_task(task_id: UUID, body: PassOn, uow: Uow, response: Response) -> TaskOut:
    """Give it to a person or to a pool."""
    to = Receiver(user_id=body.user_id, pool_id=body.pool_id)
    item = await items.hand_over(uow, task_id, to, kind=ItemKind.TASK, note=body.note)
    return await shown(uow, response, item)


@router.post(f"{AT}/completion", status_code=201, dependencies=WHO, responses=OPEN)
async def complete_task(
    task_id: UUID, uow: Uow, response: Response, body: Because = NO_REASON
) -> TaskOut:
    """It is done; with steps left open only for a reason."""
    return await shown(uow, response, await service.complete(uow, task_id, reason=body.reason))


@router.post(f"{AT}/cancellation", status_code=201, dependencies=WHO)
async def cancel_task(
    task_id: UUID, uow: Uow, response: Response, body: Because = NO_REASON
) -> TaskOut:
    """It is called off; of one that comes back, only this time."""
    return await shown(uow, response, await service.cancel(uow, task_id, reason=body.reason))


@router.post(f"{AT}/snooze", status_code=201, dependencies=WHO)
async def snooze_task(task_id: UUID, body: PutOff, uow: Uow, response: Response) -> TaskOut:
    """Put it off; its deadline stays what it is."""
    item = await items.snooze(uow, task_id, body.until, kind=ItemKind.TASK, reason=body.reason)
    return await shown(uow, response, item)


@router.delete(f"{AT}/snooze", dependencies=WHO)
async def wake_task(task_id: UUID, uow: Uow, response: Response) -> TaskOut:
    """Bring it back before its time."""
    return await shown(uow, response, await items.end_snooze(uow, task_id, kind=ItemKind.TASK))


@router.post(f"{AT}/escalation", status_code=201, dependencies=WHO)
async def escalate_task(task_id: UUID, uow: Uow, response: Response) -> TaskOut:
    """Tell the next ones on its ladder now."""
    return await shown(uow, response, await service.escalate(uow, task_id))
