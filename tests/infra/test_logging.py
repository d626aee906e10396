"""What reaches the log, and what does not."""

import logging
import sys

from app.infra.logging import Terse, keep_allowed


def test_a_library_that_warns_is_named_without_its_message_or_trace() -> None:
    try:
        raise ValueError("Mara Okafor-Lind")
    except ValueError:
        record = logging.LogRecord(
            "asyncio", logging.ERROR, __file__, 1, "about %s", ("Mara",), sys.exc_info()
        )
    assert Terse("%(levelname)s %(name)s").format(record) == "ERROR asyncio\n  ValueError"


def test_only_keys_that_are_named_pass() -> None:
    said = {"event": "job_failed", "job": "transcription.listen", "patient": "Mara"}
    assert keep_allowed(None, "warning", said) == {
        "event": "job_failed",
        "job": "transcription.listen",
    }
