"""What people were called to, on their page and by mail."""

import socketserver
from collections.abc import Iterator
from smtplib import SMTPRecipientsRefused
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from app.infra.smtp import SmtpServer
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues import escalations, items
from app.work_queues.escalations.tasks import fire_due, send_notice_email
from app.work_queues.items import AlertStatus
from app.work_queues.ladders import Channel, Target
from tests.builders.work_queues_escalations import a_climbing_alert, notices_of
from tests.builders.work_queues_ladders import a_ladder, a_step, everybody
from tests.conftest import Client, FrozenClock

NOTICES = "/api/v1/notices"
SENDER = "queues@clinic.example"


class Mailbox:
    """A mail server that keeps what it takes; `answer` is what it says to a recipient."""

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.recipients: list[str] = []
        self.answer = "250 ok"
        box = self

        class Talk(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.say("220 ready")
                while line := self.rfile.readline().decode().strip():
                    self.reply(line)
                    if line.upper() == "QUIT":
                        return

            def say(self, words: str) -> None:
                self.wfile.write(f"{words}\r\n".encode())

            def reply(self, line: str) -> None:
                verb = line.upper()
                if verb.startswith("RCPT"):
                    box.recipients.append(line)
                    self.say(box.answer)
                elif verb == "DATA":
                    self.say("354 go on")
                    box.letters.append(self.read_letter())
                    self.say("250 taken")
                else:
                    self.say("250 ok")

            def read_letter(self) -> str:
                lines: list[str] = []
                while (line := self.rfile.readline().decode()) != ".\r\n":
                    lines.append(line)
                return "".join(lines)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk)
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def server(self) -> SmtpServer:
        return SmtpServer.parse(f"smtp://127.0.0.1:{self._server.server_address[1]}")

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    opened = Mailbox()
    yield opened
    opened.close()


async def with_address(works: Works, actor: Actor, address: str) -> None:
    async with works.begin(actor) as uow:
        said = {"address": address, "id": actor.id}
        await uow.db.execute(text("update users set email = :address where id = :id"), said)


async def a_notice_by_mail(works: Works, admin: Actor, nurse: Actor) -> dict[str, Any]:
    """The payload of the job that writes to the nurse."""
    steps = [a_step(0, Target.PERSON, user_id=nurse.id, channel=Channel.EMAIL)]
    ladder = await a_ladder(works, admin, steps)
    alert = await a_climbing_alert(works, nurse, ladder.id)
    await fire_due(works)
    [notice] = await notices_of(works, alert.id)
    return {"notice_id": str(notice.id), "item_id": alert.id}


async def test_a_letter_says_that_something_waits_and_nothing_else(
    works: Works, admin: Actor, nurse: Actor, mailbox: Mailbox
) -> None:
    await with_address(works, nurse, "nurse@clinic.example")
    job = await a_notice_by_mail(works, admin, nurse)
    await send_notice_email(works, mailbox.server, SENDER, job)
    [letter] = mailbox.letters
    assert "Subject: A high alert waits for you in Dr. Assistant" in letter
    assert f"Message-ID: <notice-{job['notice_id']}@clinic.example>" in letter
    assert "Look at this" not in letter
    assert nurse.name not in letter


async def test_a_letter_is_sent_once_however_often_the_job_runs(
    works: Works, admin: Actor, nurse: Actor, mailbox: Mailbox
) -> None:
    await with_address(works, nurse, "nurse@clinic.example")
    job = await a_notice_by_mail(works, admin, nurse)
    for _ in range(3):
        await send_notice_email(works, mailbox.server, SENDER, job)
    assert len(mailbox.letters) == 1


async def test_without_a_server_an_address_or_a_need_nothing_is_sent(
    works: Works, admin: Actor, nurse: Actor, mailbox: Mailbox
) -> None:
    job = await a_notice_by_mail(works, admin, nurse)
    await send_notice_email(works, mailbox.server, SENDER, job)
    await with_address(works, nurse, "nurse@clinic.example")
    await send_notice_email(works, None, None, job)
    async with works.begin(nurse) as uow:
        item = await items.find_item(uow, job["item_id"], lock=True)
        await items.close(uow, item, AlertStatus.RESOLVED)
    await send_notice_email(works, mailbox.server, SENDER, job)
    assert mailbox.recipients == []


async def test_what_a_server_refuses_for_good_is_left_to_the_page(
    works: Works, admin: Actor, nurse: Actor, mailbox: Mailbox
) -> None:
    await with_address(works, nurse, "nurse@clinic.example")
    job = await a_notice_by_mail(works, admin, nurse)
    mailbox.answer = "550 nobody here"
    await send_notice_email(works, mailbox.server, SENDER, job)
    assert mailbox.letters == []
    mailbox.answer = "450 not now"
    with pytest.raises(SMTPRecipientsRefused):
        await send_notice_email(works, mailbox.server, SENDER, job)


async def test_an_address_nobody_can_write_to_is_left_to_the_page(
    works: Works, admin: Actor, nurse: Actor, mailbox: Mailbox
) -> None:
    await with_address(works, nurse, "nurse one@clinic.example")
    job = await a_notice_by_mail(works, admin, nurse)
    await send_notice_email(works, mailbox.server, SENDER, job)
    assert mailbox.recipients == []


async def three_notices(works: Works, clock: FrozenClock, admin: Actor, nurse: Actor) -> UUID:
    """An alert that called everybody thrice, a minute apart."""
    ladder = await a_ladder(works, admin, [everybody(0), everybody(1), everybody(2)])
    alert = await a_climbing_alert(works, nurse, ladder.id)
    for _ in range(3):
        await fire_due(works)
        clock.advance(minutes=1)
    return alert.id


async def test_notices_are_listed_unseen_first_then_the_latest(
    as_nurse: Client, works: Works, clock: FrozenClock, admin: Actor, nurse: Actor
) -> None:
    alert_id = await three_notices(works, clock, admin, nurse)
    page = (await as_nurse.get(NOTICES)).json()
    assert [each["position"] for each in page["items"]] == [3, 2, 1]
    assert {each["item_id"] for each in page["items"]} == {str(alert_id)}
    assert page["unseen"] == 3
    latest = page["items"][0]["id"]
    seen = await as_nurse.post(f"{NOTICES}/{latest}/sight")
    assert seen.status_code == 201, seen.text
    assert seen.json()["seen_at"] is not None
    first = (await as_nurse.get(f"{NOTICES}?limit=2")).json()
    rest = (await as_nurse.get(f"{NOTICES}?limit=2&cursor={first['next_cursor']}")).json()
    found = [each["position"] for each in first["items"] + rest["items"]]
    assert found == [2, 1, 3]
    assert (first["unseen"], rest["next_cursor"]) == (2, None)


async def test_the_first_sight_counts(
    works: Works, clock: FrozenClock, admin: Actor, nurse: Actor
) -> None:
    alert_id = await three_notices(works, clock, admin, nurse)
    notice = next(each for each in await notices_of(works, alert_id) if each.user_id == nurse.id)
    first = clock.at
    for _ in range(2):
        async with works.begin(nurse) as uow:
            seen = await escalations.see_notice(uow, notice.id)
        assert seen.seen_at == first
        clock.advance(minutes=1)


async def test_nobody_sees_the_notices_of_others(
    as_nurse: Client, works: Works, clock: FrozenClock, admin: Actor, nurse: Actor
) -> None:
    alert_id = await three_notices(works, clock, admin, nurse)
    theirs = next(each for each in await notices_of(works, alert_id) if each.user_id == admin.id)
    for notice_id in (theirs.id, uuid4()):
        answer = await as_nurse.post(f"{NOTICES}/{notice_id}/sight")
        assert answer.status_code == 404
        assert answer.json()["type"] == "/problems/notice-not-found"
