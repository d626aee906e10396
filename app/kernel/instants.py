"""Moments as people and programs send them: with a zone, written out, in our times."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator
from pydantic_core import PydanticCustomError

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def written_out(value: object) -> object:
    """Only 2026-03-02T09:14:03Z: a number would be read as seconds since 1970."""
    if isinstance(value, datetime) or (isinstance(value, str) and "T" in value.upper()):
        return value
    raise PydanticCustomError("moment_written", "Write the moment as 2026-03-02T09:14:03Z.")


def sensible(moment: datetime) -> datetime:
    """In UTC, in this or the next century."""
    if not EARLIEST <= moment < LATEST:
        raise PydanticCustomError("moment_range", "The year must lie between 2000 and 2199.")
    return moment.astimezone(UTC)


Instant = Annotated[AwareDatetime, BeforeValidator(written_out), AfterValidator(sensible)]
