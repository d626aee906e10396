"""Every channel against a real receiver: what arrives, and how each way of failing is judged."""

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.infra.smtp import SmtpServer
from app.scheduling.reminders import NotReached, Refused, Unsure
from app.scheduling.reminders.email_channel import EmailChannel
from app.scheduling.reminders.file_channel import FileChannel
from app.scheduling.reminders.messages import Letterhead, moment_of, subject_of, text_of
from app.scheduling.reminders.webhook_channel import WebhookChannel
from tests.conftest import FrozenClock
from tests.scheduling.reminders.outlets import (
    CLINIC,
    STARTS_AT,
    VIENNA,
    Mailbox,
    Webhook,
    a_message,
    accept_only,
    certificate,
    free_port,
    mail_server,
)

SENDER = "clinic@harbour.example"


def mailing_to(url: str, clock: FrozenClock, **options: Any) -> EmailChannel:
    return EmailChannel(SmtpServer.parse(url), SENDER, clock, **options)


async def mail(url: str, clock: FrozenClock, **options: Any) -> None:
    await mailing_to(url, clock, **options).deliver(a_message())


async def post(url: str, **options: Any) -> None:
    await WebhookChannel(url, **options).deliver(a_message())


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_text_says_where_and_when_and_nothing_else() -> None:
    assert text_of(CLINIC, STARTS_AT, VIENNA) == (
        "This is a reminder of your appointment at Harbour Clinic:\n\n"
        "    Thursday, 05-Mar-2026, 09:00 (Europe/Vienna)\n\n"
        "If you cannot come, please let us know as early as you can. Call +43 1 555 0100.\n\n"
        "This message was sent automatically; answers to it are not read.\n"
    )


def test_a_site_without_a_name_needs_none() -> None:
    text = text_of(Letterhead(), STARTS_AT, VIENNA)
    assert text.startswith("This is a reminder of your appointment:\n")
    assert "Call" not in text
    assert subject_of(Letterhead()) == "Reminder of your appointment"


def test_times_are_the_clinics_on_both_sides_of_the_clock_change() -> None:
    before, after = datetime(2026, 3, 28, 8, tzinfo=UTC), datetime(2026, 3, 29, 8, tzinfo=UTC)
    assert moment_of(before, VIENNA) == "Saturday, 28-Mar-2026, 09:00 (Europe/Vienna)"
    assert moment_of(after, VIENNA) == "Sunday, 29-Mar-2026, 10:00 (Europe/Vienna)"


async def test_a_letter_arrives_with_an_identity_that_stays_the_same(clock: FrozenClock) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        await mail(f"smtp://127.0.0.1:{port}", clock)
    (letter,) = mailbox.letters
    assert mailbox.envelopes[0].rcpt_tos == ["mara@example.org"]
    assert letter["From"] == SENDER
    assert letter["To"] == "mara@example.org"
    assert letter["Subject"] == "Reminder of your appointment at Harbour Clinic"
    assert letter["Message-ID"] == (
        "<reminder-7d0a3c52-5b1e-4c55-9b57-2f6f1f0c9a10@harbour.example>"
    )
    assert letter["Date"] == "Mon, 02 Mar 2026 09:00:00 +0000"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().replace("\r\n", "\n") == a_message().text


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
async def test_a_password_travels_encrypted_to_a_server_whose_name_is_proven(
    scheme: str, clock: FrozenClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted, context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    mailbox = Mailbox()
    secured = (
        {"ssl_context": context}
        if scheme == "smtps"
        else {"tls_context": context, "require_starttls": True}
    )
    # aiosmtpd cannot see that a connection was encrypted from its start.
    needed = scheme == "smtp+starttls"
    proven = {"auth_required": needed, "auth_require_tls": needed}
    proven |= {"authenticator": accept_only("p@ss")}
    with mail_server(mailbox, **secured, **proven) as port:
        at = f"localhost:{port}"
        await mail(f"{scheme}://clinic:p%40ss@{at}", clock)
        with pytest.raises(NotReached):
            await mail(f"{scheme}://clinic:wrong@{at}", clock)
        monkeypatch.delenv("SSL_CERT_FILE")
        with pytest.raises(NotReached):
            await mail(f"{scheme}://clinic:p%40ss@{at}", clock)
    assert len(mailbox.letters) == 1


async def test_a_server_without_starttls_gets_no_password(clock: FrozenClock) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port, pytest.raises(NotReached):
        await mail(f"smtp+starttls://clinic:secret@127.0.0.1:{port}", clock)
    assert mailbox.envelopes == []


@pytest.mark.parametrize(
    ("answers", "failure"),
    [
        ({"rcpt_answer": "550 no such mailbox"}, Refused),
        ({"rcpt_answer": "451 try later"}, NotReached),
        ({"data_answer": "554 not wanted"}, Refused),
        ({"data_answer": "452 disk full"}, NotReached),
        ({"hang_up_after_data": True}, Unsure),
    ],
)
async def test_each_answer_of_a_mail_server_is_judged(
    answers: dict[str, Any], failure: type[Exception], clock: FrozenClock
) -> None:
    with mail_server(Mailbox(**answers)) as port, pytest.raises(failure):
        await mail(f"smtp://127.0.0.1:{port}", clock)


async def test_a_server_that_is_away_or_silent_has_taken_nothing(clock: FrozenClock) -> None:
    with pytest.raises(NotReached):
        await mail(f"smtp://127.0.0.1:{free_port()}", clock)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(NotReached):
        await mail(f"smtp://127.0.0.1:{silent.getsockname()[1]}", clock, timeout_seconds=0.1)


@pytest.mark.parametrize(
    "address",
    ["a,b@example.org", "mara@example.org\r\nBcc: x@example.org", "mära@example.org", "a..b@x.org"],
)
async def test_an_address_that_is_not_one_mailbox_is_refused(
    address: str, clock: FrozenClock
) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port, pytest.raises(Refused):
        await mailing_to(f"smtp://127.0.0.1:{port}", clock).deliver(a_message(email=address))
    assert mailbox.envelopes == []


async def test_a_domain_in_other_letters_is_written_as_mail_knows_it(clock: FrozenClock) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        channel = mailing_to(f"smtp://127.0.0.1:{port}", clock)
        await channel.deliver(a_message(email="mara@bücher.example"))
    assert mailbox.envelopes[0].rcpt_tos == ["mara@xn--bcher-kva.example"]


@pytest.mark.parametrize(
    "url",
    [
        "http://mx",
        "smtp:///",
        "smtp://mx/path",
        "smtp://mx:99999",
        "smtp://u:p@mx",
        "mx",
        "smtp:mx",
    ],
)
def test_an_unfit_address_of_a_mail_server_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ValueError, match="smtp") as refused:
        SmtpServer.parse(url)
    assert url not in str(refused.value)


def test_a_mail_server_does_not_show_its_password() -> None:
    assert "s3cret" not in repr(SmtpServer.parse("smtps://clinic:s3cret@mail.example"))


@pytest.fixture
def webhook() -> Iterator[tuple[Webhook, WebhookChannel]]:
    receiving = Webhook()
    with receiving.listening() as url:
        yield receiving, WebhookChannel(url)


async def test_a_webhook_gets_what_a_gateway_needs(
    webhook: tuple[Webhook, WebhookChannel],
) -> None:
    receiving, channel = webhook
    await channel.deliver(a_message())
    ((headers, body),) = receiving.posted
    assert headers["Idempotency-Key"] == "7d0a3c52-5b1e-4c55-9b57-2f6f1f0c9a10"
    assert body == {
        "id": "7d0a3c52-5b1e-4c55-9b57-2f6f1f0c9a10",
        "appointment_id": "5a1c3c5e-0f63-4e0b-8f0e-7d5d7a3f1b20",
        "kind": "48h",
        "to": {"email": "mara@example.org", "phone": "+1 555 010 2030"},
        "subject": "Reminder of your appointment at Harbour Clinic",
        "text": a_message().text,
        "starts_at": "2026-03-05T08:00:00+00:00",
        "starts_local": "2026-03-05T09:00:00+01:00",
        "time_zone": "Europe/Vienna",
    }


@pytest.mark.parametrize(
    ("status", "failure"),
    [(503, NotReached), (429, NotReached), (400, Refused), (302, Refused), (500, Unsure),
     (0, Unsure)],
)  # fmt: skip
async def test_each_answer_of_a_webhook_is_judged(
    status: int, failure: type[Exception], webhook: tuple[Webhook, WebhookChannel]
) -> None:
    receiving, channel = webhook
    receiving.status = status
    with pytest.raises(failure):
        await channel.deliver(a_message())
    assert len(receiving.posted) == 1


async def test_a_webhook_that_is_away_has_taken_nothing() -> None:
    with pytest.raises(NotReached):
        await post(f"http://127.0.0.1:{free_port()}/")


async def test_a_webhook_that_never_answers_may_have_taken_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Unsure):
        await post(f"http://127.0.0.1:{silent.getsockname()[1]}/", timeout_seconds=0.1)


def test_each_channel_knows_which_address_it_needs(clock: FrozenClock, tmp_path: Path) -> None:
    mail, hook = mailing_to("smtp://localhost", clock), WebhookChannel("http://localhost/")
    file = FileChannel(tmp_path, clock)
    bare = a_message(email=None, phone=None)
    assert not mail.can_reach(a_message(email=None))
    assert hook.can_reach(a_message(email=None))
    assert not hook.can_reach(bare)
    assert file.can_reach(bare)


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text().splitlines()]


async def test_the_file_has_a_line_for_each_and_only_its_owner_reads_it(
    clock: FrozenClock, tmp_path: Path
) -> None:
    channel = FileChannel(tmp_path / "reminders", clock)
    await channel.deliver(a_message(kind="48h"))
    await channel.deliver(a_message(kind="2h"))
    path = tmp_path / "reminders" / "2026-03-02.jsonl"
    assert [line["kind"] for line in lines(path)] == ["48h", "2h"]
    assert path.stat().st_mode & 0o077 == 0


async def test_the_file_is_that_of_the_clinics_day(clock: FrozenClock, tmp_path: Path) -> None:
    clock.at = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    await FileChannel(tmp_path, clock).deliver(a_message())
    assert files_in(tmp_path) == ["2026-03-03.jsonl"]


async def test_a_line_torn_by_a_crash_spoils_no_other(clock: FrozenClock, tmp_path: Path) -> None:
    path = tmp_path / "2026-03-02.jsonl"
    path.write_text('{"id": "torn')
    await FileChannel(tmp_path, clock).deliver(a_message())
    torn, whole = path.read_text().splitlines()
    assert torn == '{"id": "torn'
    assert json.loads(whole)["kind"] == "48h"


async def test_a_folder_that_is_none_takes_nothing(clock: FrozenClock, tmp_path: Path) -> None:
    (tmp_path / "reminders").write_text("in the way")
    with pytest.raises(NotReached):
        await FileChannel(tmp_path / "reminders", clock).deliver(a_message())
