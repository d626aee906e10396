"""Results as HL7 version 2 messages (ORU^R01): what is needed of PID, OBR, OBX and NTE.

Every OBR is a report. Its filler number (OBR-3), with the sending facility (MSH-4) before it, is
how it is known again; its placer number (OBR-2) is the id of what was ordered here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any

from app.clinical.results.file_reports import (
    SAID,
    FileReport,
    Unfit,
    Unreadable,
    content_of,
    read_day,
    read_flag,
    read_limit,
    read_number,
    read_title,
    read_value,
    with_zone,
)
from app.clinical.results.judging import gravest
from app.clinical.results.lifecycle import ReportStatus
from app.clinical.results.schemas import ReportKind

# HL7 table 0123, and of table 0074 what is no laboratory's.
STATUSES = {
    **dict.fromkeys(("O", "I", "S"), ReportStatus.REGISTERED),
    **dict.fromkeys(("P", "A", "R"), ReportStatus.PRELIMINARY),
    "F": ReportStatus.FINAL,
    "C": ReportStatus.CORRECTED,
    "X": ReportStatus.CANCELLED,
}
IMAGING = frozenset({"RAD", "RUS", "CT", "MR", "NMS", "CUS", "VUS", "RX", "IMG"})
NOT_SAID = frozenset("DNXW")  # table 0085: deleted, not asked for, not obtained, wrong
ESCAPES = {"F": "|", "S": "^", "T": "&", "R": "~", "E": "\\", ".br": "\n"}
TIME = re.compile(r"(\d{8})(\d{4}(?:\d{2})?)?(?:\.\d+)?([+-]\d{4})?")
RANGE = re.compile(r"\s*([+-]?[\d.]+)\s*-\s*([+-]?[\d.]+)\s*")
ONE_SIDED = re.compile(r"\s*(<=?|>=?)\s*([+-]?[\d.]+)\s*")


@dataclass(frozen=True, slots=True)
class Segment:
    line: int
    fields: Sequence[str]

    def get(self, number: int, component: int = 1) -> str:
        """A field's first repetition, unescaped; empty where it is not there."""
        whole = self.fields[number] if number < len(self.fields) else ""
        parts = whole.split("~")[0].split("^")
        return unescaped(parts[component - 1]) if component <= len(parts) else ""

    def text(self, number: int) -> str:
        """A field of words: all its repetitions are lines."""
        whole = self.fields[number] if number < len(self.fields) else ""
        return "\n".join(unescaped(part) for part in whole.split("~")).strip()


@dataclass(slots=True)
class Group:
    """One OBR with what belongs to it."""

    header: Segment
    patient: Segment | None
    order: Segment
    values: list[Segment] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def unescaped(written: str) -> str:
    return re.sub(r"\\(\.br|[FSTRE])\\", lambda found: ESCAPES[found[1]], written)


def read_hl7(text: str, zone: tzinfo) -> Iterator[FileReport | Unreadable]:
    """Reports in order; messages that are no results are said to be that."""
    for group in groups(text):
        if isinstance(group, Unreadable):
            yield group
            continue
        try:
            yield report_of(group, zone)
        except Unfit as unfit:
            yield Unreadable(group.order.line, f"cannot be read: {unfit}")


def groups(text: str) -> Iterator[Group | Unreadable]:
    header: Segment | None = None
    patient: Segment | None = None
    group: Group | None = None
    for segment in segments(text):
        kind = segment.fields[0]
        if kind == "MSH":
            if group:
                yield group
            header, patient, group = segment, None, None
            if (segment.get(9), segment.get(9, 2)) != ("ORU", "R01"):
                yield Unreadable(segment.line, "is no result: MSH-9 is not ORU^R01")
                header = None
        elif header is None:
            continue
        elif kind == "PID":
            patient = segment
        elif kind == "OBR":
            if group:
                yield group
            group = Group(header, patient, segment)
        elif kind == "OBX" and group:
            group.values.append(segment)
        elif kind == "NTE" and group:
            group.notes.append(segment.text(3))
    if group:
        yield group


def segments(text: str) -> Iterator[Segment]:
    """MSH's own first field is the separator: numbers are as the standard counts them."""
    for line, raw in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        written = raw.strip("\x0b\x1c ")
        if len(written) < 4 or written[3] != "|":  # noqa: PLR2004 - a name has three letters
            continue
        fields = written.split("|")
        yield Segment(line, ["MSH", "|", *fields[1:]] if fields[0] == "MSH" else fields)


def report_of(group: Group, zone: tzinfo) -> FileReport:
    order, patient = group.order, group.patient
    if patient is None or not patient.get(3):
        raise Unfit("PID-3")
    filler = order.get(3)
    if not filler:
        raise Unfit("OBR-3")
    status = STATUSES.get(order.get(25))
    if status is None:
        raise Unfit("OBR-25")
    issued_at = read_time(order.get(22) or group.header.get(7), "OBR-22", zone)
    if issued_at is None:
        raise Unfit("OBR-22")
    values = [each for each in group.values if each.text(5) and each.get(11) not in NOT_SAID]
    spoken = [each for each in values if is_conclusion(each)]
    flags = [SAID[flag] for each in spoken if (flag := each.get(8).strip().upper()) in SAID]
    conclusion = "\n".join([*(each.text(5) for each in spoken), *group.notes]).strip()
    service = order.get(24)
    return FileReport(
        line=order.line,
        external_id=read_number(f"{group.header.get(4)}:{filler}", "OBR-3"),
        mrn=read_number(patient.get(3), "PID-3"),
        birth_date=read_day(patient.get(7), "PID-7"),
        order_item_id=order.get(2) or None,
        responsible=order.get(16) or None,
        kind=ReportKind.IMAGING if service in IMAGING else ReportKind.LAB,
        title=read_title(order.get(4, 2) or order.get(4), "OBR-4"),
        status=status,
        content=content_of(
            issued_at=issued_at,
            collected_at=read_time(order.get(7), "OBR-7", zone),
            conclusion=conclusion or None,
            interpretation=gravest(flags) if flags else None,
            observations=[observation(each) for each in values if not is_conclusion(each)],
        ),
    )


def is_conclusion(segment: Segment) -> bool:
    """Running text: words of several lines, or what is called an impression."""
    return segment.get(2) in {"TX", "FT"}


def observation(segment: Segment) -> dict[str, Any]:
    coded = segment.get(3, 3) in {"LN", ""}
    return {
        "code": segment.get(3) if coded and segment.get(3) else None,
        "name": segment.get(3, 2) or segment.get(3),
        "unit": segment.get(6) or None,
        "interpretation": read_flag(segment.get(8), "OBX-8"),
        **read_range(segment.text(7)),
        **value_of(segment),
    }


def value_of(segment: Segment) -> dict[str, Any]:
    match segment.get(2):
        case "SN":  # structured numeric: comparator ^ number, or a ratio or range: no one number
            comparator, number, *rest = (segment.get(5, part) for part in (1, 2, 3, 4))
            if any(rest):
                return {"text": "".join([comparator, number, *rest])}
            return read_value(f"{comparator}{number}")
        case "CE" | "CWE":
            return {"text": segment.get(5, 2) or segment.get(5)}
        case _:
            return read_value(segment.text(5))


def read_range(written: str) -> dict[str, Any]:
    """`3.5-5.1`, `<5`, `>60`; anything else is kept as it stands."""
    if not written:
        return {}
    both = RANGE.fullmatch(written)
    if both:
        return {"low": read_limit(both[1], "OBX-7"), "high": read_limit(both[2], "OBX-7")}
    one = ONE_SIDED.fullmatch(written)
    if one:
        side = "high" if one[1].startswith("<") else "low"
        return {side: read_limit(one[2], "OBX-7"), "range_text": written}
    return {"range_text": written}


def read_time(written: str, name: str, zone: tzinfo) -> datetime | None:
    """YYYYMMDD[HHMM[SS]][+ZZZZ]; without a zone on the clinic's wall."""
    if not written:
        return None
    found = TIME.fullmatch(written)
    if found is None:
        raise Unfit(name)
    clock = (found[2] or "").ljust(6, "0")
    try:
        moment = datetime.strptime(found[1] + clock, "%Y%m%d%H%M%S")  # noqa: DTZ007 - see below
        return moment.replace(tzinfo=offset_of(found[3])) if found[3] else with_zone(moment, zone)
    except ValueError:
        raise Unfit(name) from None


def offset_of(written: str) -> timezone:
    """Of "+0100"; raises ValueError for what no clock has."""
    sign = -1 if written[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(written[1:3]), minutes=int(written[3:])))
