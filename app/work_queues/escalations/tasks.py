"""What the worker does with ladders when nobody acts."""

import asyncio
from uuid import UUID

import structlog

from app import audit
from app.infra.jobs import Payload
from app.infra.smtp import SmtpServer
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues import items
from app.work_queues.escalations import repository
from app.work_queues.escalations.firing import climb
from app.work_queues.escalations.letters import LetterRefused, send
from app.work_queues.escalations.planning import stop_climb
from app.work_queues.items import AlertStatus

CLIMBER = Actor.system("escalation-climber")
MAILER = Actor.system("notice-mailer")
BATCH = 100

log = structlog.get_logger(__name__)


async def fire_due(works: Works) -> int:
    """Fire every step that is due; returns how many.

    One item is one transaction under its lock, so that any number of processes may do this at
    once and any of them may die. An item that fails is left for the next round, the others go on.
    """
    fired, passed_over = 0, set[UUID]()
    while True:
        async with works.glance(CLIMBER) as uow:
            due = await repository.items_due(uow, without=passed_over, limit=BATCH)
        for item_id in due:
            steps = await try_one(works, item_id)
            fired += steps
            if not steps:
                passed_over.add(item_id)
        if len(due) < BATCH:
            return fired


async def try_one(works: Works, item_id: UUID) -> int:
    try:
        return await climb_one(works, item_id)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others wait too
        log.warning("climb_failed", item_id=str(item_id), error=type(error).__name__)
        return 0


async def climb_one(works: Works, item_id: UUID) -> int:
    """The steps of one item that are due; none when somebody is busy with it just now."""
    async with works.begin(CLIMBER) as uow:
        item = await repository.lock_item(uow, item_id)
        if item is None or item.snoozed_until is not None:
            return 0
        if item.is_closed or item.status == AlertStatus.ACKNOWLEDGED:
            given_up = await stop_climb(uow, item)
            if given_up:
                await items.trace(uow, "stop-climb", item, steps=given_up)
            return 0
        return len(await climb(uow, item))


async def send_notice_email(
    works: Works, smtp: SmtpServer | None, sender: str | None, payload: Payload
) -> None:
    """The job `notices.email`: tell somebody by mail what their page tells them already.

    Nothing is sent twice once a server has taken it; should we die in between, the second letter
    has the number of the first. What a server refuses for good is left to the page. Raises
    OSError when it is to be tried again.
    """
    notice_id = UUID(payload["notice_id"])
    if smtp is None or sender is None:
        return
    async with works.begin(MAILER) as uow:
        letter = await repository.letter_to_send(uow, notice_id)
    if letter is None:
        return
    try:
        await asyncio.to_thread(send, smtp, sender, letter)
    except LetterRefused:
        log.warning("notice_refused", notice_id=str(notice_id))
        return
    async with works.begin(MAILER) as uow:
        await repository.note_mailed(uow, notice_id)
        await audit.record(uow, "notice.mail", subject=("notice", notice_id))
