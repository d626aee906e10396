"""What waits in the demo clinic, through the same verbs as everywhere."""

from datetime import datetime, timedelta
from uuid import UUID

from app.cli.demo_clinic.queue import (
    ALERTS,
    SHIFTS,
    TASKS,
    TEMPLATES,
    PlannedAlert,
    PlannedTask,
)
from app.cli.seeding_appointments import MINUTE, Cast
from app.work_queues import alerts, items, queues, rosters, tasks
from app.work_queues.items import Severity
from app.work_queues.ladders import DueUnit
from app.work_queues.queues import QueueFilter
from app.work_queues.tasks import DueRule

HOUR = timedelta(hours=1)
LATELY = MINUTE  # so long after it came somebody took it


async def seed_queue(cast: Cast) -> None:
    """Shifts, templates, tasks and alerts, unless something waits already."""
    async with cast.at(cast.now, "admin") as uow:
        found, _ = await queues.list_items(uow, QueueFilter())
        pools = {each.key: each.id for each in await rosters.list_pools(uow)}
    if found:
        return
    await plan_shifts(cast, pools)
    await add_templates(cast, pools)
    for alert in ALERTS:
        await let_raise(cast, pools, alert)
    for task in TASKS:
        await let_add(cast, pools, task)


async def plan_shifts(cast: Cast, pools: dict[str, UUID]) -> None:
    hour = cast.now.replace(minute=0, second=0, microsecond=0)
    async with cast.at(cast.now, "admin") as uow:
        for shift in SHIFTS:
            new = rosters.NewShift(
                pool_id=pools[shift.pool],
                user_id=cast.people[shift.who].id,
                starts_at=hour + shift.begins * HOUR,
                ends_at=hour + shift.ends * HOUR,
            )
            await rosters.plan_shift(uow, new)


async def add_templates(cast: Cast, pools: dict[str, UUID]) -> None:
    async with cast.at(cast.now, "admin") as uow:
        for template in TEMPLATES:
            new = tasks.NewTemplate(
                name=template.name,
                title=template.title,
                severity=Severity(template.severity),
                pool_id=pools[template.pool],
                due=DueRule(amount=template.amount, unit=DueUnit(template.unit)),
                checklist=list(template.checklist),
            )
            await tasks.add_template(uow, new)


def moment(cast: Cast, minutes: int) -> datetime:
    return cast.now + minutes * MINUTE


async def let_raise(cast: Cast, pools: dict[str, UUID], plan: PlannedAlert) -> None:
    new = alerts.NewAlert(
        title=plan.title,
        body=plan.body,
        severity=Severity(plan.severity),
        pool_id=pools[plan.pool],
        patient_id=cast.patients[plan.patient] if plan.patient else None,
        due_at=moment(cast, plan.due) if plan.due is not None else None,
        cause_key=plan.cause,
    )
    for minutes in (plan.came, *plan.again):
        async with cast.at(moment(cast, minutes), plan.by) as uow:
            item = await alerts.raise_alert(uow, new)
    if plan.acknowledged:
        async with cast.at(moment(cast, plan.came) + LATELY, plan.acknowledged) as uow:
            await alerts.acknowledge(uow, item.id, reason="On my way.")
    if plan.resolved is not None:
        who = plan.acknowledged or "nurse"
        async with cast.at(moment(cast, plan.resolved), who) as uow:
            await alerts.resolve(uow, item.id, reason="Seen and settled.")


async def let_add(cast: Cast, pools: dict[str, UUID], plan: PlannedTask) -> None:
    new = tasks.NewTask(
        title=plan.title,
        body=plan.body,
        severity=Severity(plan.severity),
        pool_id=pools[plan.pool],
        assignee_id=cast.people[plan.assignee].id if plan.assignee else None,
        patient_id=cast.patients[plan.patient] if plan.patient else None,
        due_at=moment(cast, plan.due) if plan.due is not None else None,
        checklist=plan.checklist,
        rrule=plan.repeats,
    )
    async with cast.at(moment(cast, plan.came), plan.by) as uow:
        item = await tasks.add_task(uow, new)
    await let_work(cast, plan, item.id)


async def let_work(cast: Cast, plan: PlannedTask, task_id: UUID) -> None:
    """What has happened to a task by now."""
    nurse = plan.holder or "nurse"
    if plan.comment:
        async with cast.at(moment(cast, plan.came // 2), nurse) as uow:
            await items.comment(uow, task_id, plan.comment)
    if plan.holder:
        async with cast.at(cast.now - LATELY, plan.holder) as uow:
            await items.claim(uow, task_id)
            for position in range(1, plan.ticked + 1):
                await tasks.tick(uow, task_id, position, done=True)
    if plan.snoozed is not None:
        async with cast.at(cast.now - LATELY, nurse) as uow:
            await items.snooze(uow, task_id, moment(cast, plan.snoozed))
    if plan.done is not None:
        async with cast.at(moment(cast, plan.done), nurse) as uow:
            await tasks.complete(uow, task_id)
