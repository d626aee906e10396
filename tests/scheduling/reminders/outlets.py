"""Real receivers for the channels, on ports of their own."""

import json
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from app.scheduling.reminders import Letterhead, Message
from app.scheduling.reminders.messages import subject_of, text_of

VIENNA = ZoneInfo("Europe/Vienna")
CLINIC = Letterhead(clinic="Harbour Clinic", phone="+43 1 555 0100")
STARTS_AT = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)


def a_message(**fields: Any) -> Message:
    return Message(
        **{
            "id": UUID("7d0a3c52-5b1e-4c55-9b57-2f6f1f0c9a10"),
            "appointment_id": UUID("5a1c3c5e-0f63-4e0b-8f0e-7d5d7a3f1b20"),
            "kind": "48h",
            "email": "mara@example.org",
            "phone": "+1 555 010 2030",
            "starts_at": STARTS_AT,
            "zone": VIENNA,
            "subject": subject_of(CLINIC),
            "text": text_of(CLINIC, STARTS_AT, VIENNA),
        }
        | fields
    )


@dataclass
class Mailbox:
    """What arrived, and how the server answers."""

    envelopes: list[Envelope] = field(default_factory=list)
    rcpt_answer: str = "250 OK"
    data_answer: str = "250 OK"
    hang_up_after_data: bool = False

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt_answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.data_answer.startswith("250"):
            self.envelopes.append(envelope)
        if self.hang_up_after_data:
            assert server.transport is not None
            server.transport.abort()
        return self.data_answer

    @property
    def letters(self) -> list[EmailMessage]:
        return [
            message_from_bytes(envelope.content, policy=default)  # type: ignore[arg-type,misc]
            for envelope in self.envelopes
        ]


def accept_only(password: str) -> Any:
    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
        given = data.password if isinstance(data, LoginPassword) else b""
        return AuthResult(success=given == password.encode(), handled=False)

    return authenticate


@contextmanager
def mail_server(mailbox: Mailbox, **options: Any) -> Iterator[int]:
    """A mail server in a thread; yields its port."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for localhost made on the spot, and the server's side of it."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return cert, context


@dataclass
class Webhook:
    """What was posted, and with which status it is answered; 0 hangs up instead."""

    status: int = 204
    posted: list[tuple[dict[str, str], Any]] = field(default_factory=list)

    @contextmanager
    def listening(self) -> Iterator[str]:
        webhook = self

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                webhook.posted.append((dict(self.headers), json.loads(body)))
                if webhook.status == 0:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self.send_response(webhook.status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Answering)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/reminders"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
