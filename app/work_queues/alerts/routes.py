"""Alerts over HTTP."""

from uuid import UUID

from fastapi import Response

from app.infra.http.access import allow
from app.infra.http.deps import Uow
from app.infra.http.etags import put_etag
from app.infra.http.routing import api_router
from app.infra.uow import UnitOfWork
from app.kernel.errors import DomainError
from app.work_queues import items
from app.work_queues.alerts import queries, service
from app.work_queues.alerts.raising import NewAlert, raise_alert
from app.work_queues.alerts.schemas import (
    AcknowledgeAlerts,
    AlertOut,
    Outcome,
    Outcomes,
    RaiseAlert,
)
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

router = api_router("/alerts", "alerts")
AT = "/{alert_id:uuid}"
WHO = [allow(*WORKERS)]
NO_REASON = Because()


async def shown(uow: UnitOfWork, response: Response, item: WorkItem) -> AlertOut:
    put_etag(response, item.version)
    return await queries.described(uow, item)


@router.post("", status_code=201, dependencies=WHO)
async def post_alert(body: RaiseAlert, uow: Uow, response: Response) -> AlertOut:
    """Raise an alert for a pool or a person."""
    item = await raise_alert(uow, NewAlert(**body.model_dump()))
    response.headers["Location"] = f"/api/v1/alerts/{item.id}"
    return await shown(uow, response, item)


@router.post("/acknowledgements", status_code=201, dependencies=WHO)
async def acknowledge_alerts(body: AcknowledgeAlerts, uow: Uow) -> Outcomes:
    """Acknowledge many alerts that are low; each is acknowledged or refused by itself."""
    found = await service.acknowledge_low(uow, body.ids)
    return Outcomes(items=[outcome(alert_id, each) for alert_id, each in found.items()])


def outcome(alert_id: UUID, found: WorkItem | DomainError) -> Outcome:
    if isinstance(found, WorkItem):
        return Outcome(id=alert_id, acknowledged=True, version=found.version)
    return Outcome(id=alert_id, acknowledged=False, problem=found.code, title=found.title)


# Only ids, or "acknowledgements" would be an alert for the verbs that it does not have itself.
@router.get(AT, dependencies=WHO)
async def get_alert(alert_id: UUID, uow: Uow, response: Response) -> AlertOut:
    """An alert with everything a side panel shows."""
    found = await queries.read_alert(uow, alert_id)
    put_etag(response, found.version)
    return found


@router.get(f"{AT}/history", dependencies=WHO)
async def get_alert_history(alert_id: UUID, uow: Uow) -> History:
    """Everything that happened to it, in order."""
    return await queries.history(uow, alert_id)


@router.post(f"{AT}/comments", status_code=201, dependencies=WHO)
async def comment_on_alert(
    alert_id: UUID, body: NewComment, uow: Uow, response: Response
) -> AlertOut:
    """Say something about it."""
    item = await items.comment(uow, alert_id, body.text, kind=ItemKind.ALERT)
    return await shown(uow, response, item)


@router.post(f"{AT}/links", status_code=201, dependencies=WHO)
async def link_to_alert(alert_id: UUID, body: NewLink, uow: Uow, response: Response) -> AlertOut:
    """Attach something that lies elsewhere."""
    item = await items.add_link(uow, alert_id, url=body.url, label=body.label, kind=ItemKind.ALERT)
    return await shown(uow, response, item)


@router.post(f"{AT}/claim", status_code=201, dependencies=WHO)
async def claim_alert(alert_id: UUID, uow: Uow, response: Response) -> AlertOut:
    """Take it, so that nobody else does; it goes on climbing until it is acknowledged."""
    return await shown(uow, response, await items.claim(uow, alert_id, kind=ItemKind.ALERT))


@router.post(f"{AT}/release", status_code=201, dependencies=WHO)
async def release_alert(
    alert_id: UUID, uow: Uow, response: Response, body: Because = NO_REASON
) -> AlertOut:
    """Give it back; one that was acknowledged is triggered again."""
    return await shown(uow, response, await service.release(uow, alert_id, reason=body.reason))


@router.post(f"{AT}/handover", status_code=201, dependencies=WHO)
async def hand_over_alert(alert_id: UUID, body: PassOn, uow: Uow, response: Response) -> AlertOut:
    """Give it to a person or to a pool."""
    to = Receiver(user_id=body.user_id, pool_id=body.pool_id)
    return await shown(uow, response, await service.hand_over(uow, alert_id, to, note=body.note))


@router.post(f"{AT}/acknowledgement", status_code=201, dependencies=WHO)
async def acknowledge_alert(
    alert_id: UUID, uow: Uow, response: Response, body: Because = NO_REASON
) -> AlertOut:
    """Answer for it from now on: escalation stands still, until the time is up."""
    return await shown(uow, response, await service.acknowledge(uow, alert_id, reason=body.reason))


@router.post(f"{AT}/resolution", status_code=201, dependencies=WHO)
async def resolve_alert(
    alert_id: UUID, uow: Uow, response: Response, body: Because = NO_REASON
) -> AlertOut:
    """There is nothing left to do about it."""
    return await shown(uow, response, await service.resolve(uow, alert_id, reason=body.reason))


@router.post(f"{AT}/snooze", status_code=201, dependencies=WHO)
async def snooze_alert(alert_id: UUID, body: PutOff, uow: Uow, response: Response) -> AlertOut:
    """Put it off; what is critical cannot wait."""
    item = await service.snooze(uow, alert_id, body.until, reason=body.reason)
    return await shown(uow, response, item)


@router.delete(f"{AT}/snooze", dependencies=WHO)
async def wake_alert(alert_id: UUID, uow: Uow, response: Response) -> AlertOut:
    """Bring it back before its time."""
    return await shown(uow, response, await service.end_snooze(uow, alert_id))


@router.post(f"{AT}/escalation", status_code=201, dependencies=WHO)
async def escalate_alert(alert_id: UUID, uow: Uow, response: Response) -> AlertOut:
    """Tell the next ones on its ladder now."""
    return await shown(uow, response, await service.escalate(uow, alert_id))
