"""Templates of tasks over HTTP."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response

from app.infra.http.access import allow
from app.infra.http.deps import Paging, Uow
from app.infra.http.etags import IfMatch, put_etag
from app.infra.http.problems import described
from app.infra.http.routing import api_router
from app.work_queues.items import WORKERS
from app.work_queues.tasks import templates
from app.work_queues.tasks.lifecycle import TemplateStatus
from app.work_queues.tasks.models import TaskTemplate
from app.work_queues.tasks.schemas import ChangeTemplate, NewTemplate, TemplateOut, TemplatePage

router = api_router("/task-templates", "tasks")
WHO = [allow(*WORKERS)]
STALE: dict[int | str, dict[str, Any]] = {
    412: described(
        HTTPStatus.PRECONDITION_FAILED,
        "task-template-changed: somebody changed it since you read it",
    ),
    428: described(
        HTTPStatus.PRECONDITION_REQUIRED,
        "precondition-missing: send If-Match with the ETag you read",
    ),
}


def shown(response: Response, template: TaskTemplate) -> TemplateOut:
    put_etag(response, template.version)
    return templates.shown(template)


@router.get("", dependencies=WHO)
async def list_task_templates(
    uow: Uow,
    page: Paging,
    status: Annotated[TemplateStatus, Query(description="Left out: those in use.")] = (
        TemplateStatus.ACTIVE
    ),
) -> TemplatePage:
    """Templates, the oldest first."""
    found, next_cursor = await templates.list_templates(uow, status, page)
    return TemplatePage(items=[templates.shown(each) for each in found], next_cursor=next_cursor)


@router.post("", status_code=201, dependencies=WHO)
async def add_task_template(body: NewTemplate, uow: Uow, response: Response) -> TemplateOut:
    """Add a template; administrators and supervisors may."""
    template = await templates.add_template(uow, body)
    response.headers["Location"] = f"/api/v1/task-templates/{template.id}"
    return shown(response, template)


@router.get("/{template_id:uuid}", dependencies=WHO)
async def get_task_template(template_id: UUID, uow: Uow, response: Response) -> TemplateOut:
    """One template; the ETag is the version to send when changing it."""
    return shown(response, await templates.get_template(uow, template_id))


@router.patch("/{template_id:uuid}", dependencies=WHO, responses=STALE)
async def change_task_template(
    template_id: UUID, body: ChangeTemplate, version: IfMatch, uow: Uow, response: Response
) -> TemplateOut:
    """Change a template; tasks made from it before stay as they are."""
    return shown(response, await templates.change_template(uow, template_id, body, version=version))


@router.post("/{template_id:uuid}/retirement", status_code=201, dependencies=WHO)
async def retire_task_template(template_id: UUID, uow: Uow, response: Response) -> TemplateOut:
    """No more tasks are made from it."""
    return shown(response, await templates.retire_template(uow, template_id))
