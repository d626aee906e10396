"""Connections to a mail server, encrypted whenever a password travels."""

import smtplib
import ssl
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote, urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Security(StrEnum):
    PLAIN = "smtp"
    STARTTLS = "smtp+starttls"
    TLS = "smtps"


DEFAULT_PORTS = {Security.PLAIN: 25, Security.STARTTLS: 587, Security.TLS: 465}
USAGE = "write smtp+starttls://user:password@host:587, smtps://user:password@host or smtp://host"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where mail is handed over, and how."""

    host: str
    port: int
    security: Security
    user: str | None = None
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, url: str) -> "SmtpServer":
        """Read an address; raises ValueError with advice, which repeats nothing of it."""
        try:
            parts = urlsplit(url.strip())
            security, port = Security(parts.scheme), parts.port
        except ValueError:
            raise ValueError(USAGE) from None
        if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError(USAGE)
        if parts.username and security is Security.PLAIN and parts.hostname not in LOOPBACK:
            raise ValueError("a password needs smtp+starttls:// or smtps://")
        return cls(
            host=parts.hostname,
            port=port or DEFAULT_PORTS[security],
            security=security,
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password or ""),
        )

    def connect(self, *, timeout_seconds: float) -> smtplib.SMTP:
        """A connection on which mail can be sent; whoever asks for it must close it.

        Raises OSError (which smtplib's errors are) when that does not succeed. Blocks.
        """
        if self.security is Security.TLS:
            trust = ssl.create_default_context()
            opened: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=timeout_seconds, context=trust
            )
        else:
            opened = smtplib.SMTP(self.host, self.port, timeout=timeout_seconds)
        try:
            if self.security is Security.STARTTLS:
                opened.starttls(context=ssl.create_default_context())
            if self.user is not None:
                opened.login(self.user, self.password)
            opened.ehlo_or_helo_if_needed()
        except BaseException:
            opened.close()
            raise
        return opened
