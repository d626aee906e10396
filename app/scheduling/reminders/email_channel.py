"""Reminders by e-mail."""

import asyncio
import smtplib
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from app.infra.smtp import SmtpServer
from app.kernel.clock import Clock
from app.scheduling.reminders.channels import NotReached, Refused, Unsure
from app.scheduling.reminders.messages import Message

TIMEOUT_SECONDS = 20.0
SMTP_REFUSED = 500  # from here on a reply is an answer for good (RFC 5321, 4.2.1)
SMTP_TAKEN = 250


class EmailChannel:
    """Mail through the site's own server; the address of the sender is the site's too."""

    def __init__(
        self,
        server: SmtpServer,
        sender: str,
        clock: Clock,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._server, self._sender, self._clock = server, sender, clock
        self._timeout_seconds = timeout_seconds

    def can_reach(self, message: Message) -> bool:
        return message.email is not None

    async def deliver(self, message: Message) -> None:
        await asyncio.to_thread(self._send, message)

    def _send(self, message: Message) -> None:
        """Every step before the text itself can be repeated; after it only an answer helps."""
        mailbox = mailbox_of(str(message.email))
        letter = self._letter(message, mailbox)
        try:
            connection = self._server.connect(timeout_seconds=self._timeout_seconds)
        except OSError as error:  # smtplib's own errors are OSErrors too
            raise NotReached from error
        try:
            self._envelope(connection, mailbox.addr_spec)
            hand_over(connection, letter)
            with suppress(OSError):
                connection.quit()
        finally:
            connection.close()

    def _envelope(self, connection: smtplib.SMTP, recipient: str) -> None:
        try:
            for code, _ in (connection.mail(self._sender), connection.rcpt(recipient)):
                judge(code)
        except OSError as error:
            raise NotReached from error

    def _letter(self, message: Message, mailbox: Address) -> bytes:
        letter = EmailMessage(policy=SMTP)
        letter["From"] = self._sender
        letter["To"] = mailbox
        letter["Subject"] = message.subject
        letter["Date"] = format_datetime(self._clock.now())
        # The same for every try, so that a mailbox knows a letter it has already.
        letter["Message-ID"] = f"<reminder-{message.id}@{self._sender.rpartition('@')[2]}>"
        letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday answers to it
        letter.set_content(message.text)
        return letter.as_bytes()


def mailbox_of(address: str) -> Address:
    """Exactly one mailbox in plain letters; raises `Refused` for anything else."""
    local, _, domain = address.rpartition("@")
    try:
        mailbox = Address(addr_spec=f"{local}@{domain.encode('idna').decode()}")
    except Exception as error:
        raise Refused from error
    if not mailbox.addr_spec.isascii():
        raise Refused
    return mailbox


def hand_over(connection: smtplib.SMTP, letter: bytes) -> None:
    try:
        code, _ = connection.data(letter)
    except smtplib.SMTPDataError as error:  # the server did not even want to read it
        judge(error.smtp_code)
        raise NotReached from error
    except OSError as error:
        raise Unsure from error
    judge(code)


def judge(code: int) -> None:
    if code >= SMTP_REFUSED:
        raise Refused
    if code not in {SMTP_TAKEN, SMTP_TAKEN + 1}:  # 251: will forward it
        raise NotReached
