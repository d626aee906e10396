"""Logs carry allow-listed keys only: what is not named here cannot leak."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "request_id", "job", "attempt", "error", "frames",
        "recording_id", "note_id", "encounter_id", "status", "reason", "seconds", "bytes",
        "count", "pid", "port", "name", "path", "method", "store", "version",
    }
)  # fmt: skip


def keep_allowed(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    return {key: value for key, value in event.items() if key in ALLOWED}


def configure_logging() -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_allowed,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Terse("%(levelname)s %(name)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


class Terse(logging.Formatter):
    """Libraries quote values in messages and traces: only who warns passes, and of what kind."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name in the library
        return f"  {ei[0].__name__}" if ei[0] else ""
