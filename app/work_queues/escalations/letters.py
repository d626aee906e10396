"""Notices by e-mail: that something waits, and nothing of what or about whom."""

import smtplib
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import NamedTuple
from uuid import UUID

from app.infra.smtp import SmtpServer

TIMEOUT_SECONDS = 20.0
SMTP_REFUSED = 500  # from here on a reply is an answer for good (RFC 5321, 4.2.1)


class LetterRefused(Exception):
    """This address or this letter is refused for good."""


class Letter(NamedTuple):
    """`notice_id` stays the same however often it is tried."""

    notice_id: UUID
    to: str
    kind: str
    severity: str
    written_at: datetime

    @property
    def subject(self) -> str:
        """Shown on locked screens."""
        article = "An" if self.severity[0] in "aeiou" else "A"
        return f"{article} {self.severity} {self.kind} waits for you in Dr. Assistant"


def send(server: SmtpServer, sender: str, letter: Letter) -> None:
    """Hand a letter over; raises `LetterRefused`, OSError when it may be tried again. Blocks."""
    mailbox = mailbox_of(letter.to)
    connection = server.connect(timeout_seconds=TIMEOUT_SECONDS)
    try:
        connection.sendmail(sender, [mailbox.addr_spec], written(sender, mailbox, letter))
        with suppress(OSError):
            connection.quit()
    except smtplib.SMTPRecipientsRefused as refused:
        require_passing([code for code, _ in refused.recipients.values()])
        raise
    except smtplib.SMTPResponseException as refused:
        require_passing([refused.smtp_code])
        raise
    finally:
        connection.close()


def require_passing(codes: Iterable[int]) -> None:
    if any(code >= SMTP_REFUSED for code in codes):
        raise LetterRefused from None


def mailbox_of(address: str) -> Address:
    """Exactly one mailbox in plain letters; raises `LetterRefused` for anything else."""
    local, _, domain = address.rpartition("@")
    try:
        mailbox = Address(addr_spec=f"{local}@{domain.encode('idna').decode()}")
    except Exception as error:
        raise LetterRefused from error
    if not mailbox.addr_spec.isascii():
        raise LetterRefused
    return mailbox


def written(sender: str, mailbox: Address, letter: Letter) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = mailbox
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.written_at)
    # The same for every try, so that a mailbox knows a letter it has already.
    message["Message-ID"] = f"<notice-{letter.notice_id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday answers to it
    message.set_content(
        f"{letter.subject}.\n\nNobody has acted on it in time. Sign in to see it.\n\n"
        "This message was sent automatically; answers to it are not read.\n"
    )
    return message.as_bytes()
