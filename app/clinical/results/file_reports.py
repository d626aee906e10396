"""What a laboratory's file says, whatever its format: reports, or lines that cannot be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.clinical.results.judging import Flag
from app.clinical.results.lifecycle import ReportStatus
from app.clinical.results.schemas import (
    ExternalId,
    NewContent,
    ReportKind,
    Title,
    parse_number,
)

# What laboratories write for a flag: HL7 table 0078, and our own words.
SAID: Mapping[str, Flag] = {
    "N": Flag.NORMAL,
    "A": Flag.ABNORMAL,
    "AA": Flag.CRITICAL,
    "L": Flag.LOW,
    "H": Flag.HIGH,
    "LL": Flag.CRITICAL_LOW,
    "HH": Flag.CRITICAL_HIGH,
    **{flag.value.upper(): flag for flag in Flag if flag is not Flag.NOT_JUDGED},
}


TITLE: TypeAdapter[str] = TypeAdapter(Title)
NUMBER: TypeAdapter[str] = TypeAdapter(ExternalId)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """One report of a file; `line`: where it begins. `responsible`: a user name."""

    line: int
    external_id: str
    mrn: str
    birth_date: date
    order_item_id: str | None
    responsible: str | None
    kind: ReportKind
    title: str
    status: ReportStatus
    content: NewContent


@dataclass(frozen=True, slots=True)
class Unreadable:
    """`why` names fields, never what stood in them."""

    line: int
    why: str


class Unfit(Exception):
    """A field says something that cannot be meant; its name is the message."""


def read_day(written: str, field: str) -> date:
    """1945-07-14 or 19450714, whatever time of day follows."""
    for pattern, length in (("%Y-%m-%d", 10), ("%Y%m%d", 8)):
        try:
            return datetime.strptime(written.strip()[:length], pattern).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise Unfit(field)


def read_title(written: str, field: str) -> str:
    """Empty where nothing is said: then the order's name counts."""
    return read_line(TITLE, written, field) if written.strip() else ""


def read_number(written: str, field: str) -> str:
    """A laboratory's number of a report, a number of a record: a line that can be kept."""
    return read_line(NUMBER, written, field)


def read_line(kind: TypeAdapter[str], written: str, field: str) -> str:
    try:
        return kind.validate_python(written)
    except ValidationError:
        raise Unfit(field) from None


def read_flag(written: str, field: str) -> Flag | None:
    if not written.strip():
        return None
    found = SAID.get(written.strip().upper())
    if found is None:
        raise Unfit(field)
    return found


def read_limit(written: str, field: str) -> Decimal | None:
    if not written.strip():
        return None
    found = parse_number(written)
    if found is None or found[0] is not None:
        raise Unfit(field)
    return found[1]


def read_value(written: str) -> dict[str, Any]:
    """A number, a number with a comparator, or words."""
    found = parse_number(written)
    if found is None:
        return {"text": written.strip()}
    return {"comparator": found[0], "value": found[1]}


def content_of(**said: Any) -> NewContent:
    """Raises `Unfit` for what could not be kept."""
    try:
        content = NewContent.model_validate(said)
    except ValidationError as refused:
        places = {".".join(str(part) for part in fault["loc"]) for fault in refused.errors()}
        raise Unfit(", ".join(sorted(places)) or "content") from None
    return content


def with_zone(moment: datetime, zone: tzinfo) -> datetime:
    """On the clinic's wall, where nothing else was said."""
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
