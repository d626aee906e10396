"""Results as comma-separated values: a line for each value, reports told apart by their number."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any

from app.clinical.results.file_reports import (
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
from app.clinical.results.lifecycle import ReportStatus
from app.clinical.results.schemas import ReportKind

REQUIRED = ("report_id", "mrn", "birth_date", "status", "issued_at")
OPTIONAL = (
    "order_item_id", "responsible", "kind", "title", "collected_at", "conclusion",
    "interpretation", "code", "name", "value", "unit", "low", "high", "critical_low",
    "critical_high", "flag",
)  # fmt: skip
OF_REPORT = (
    "mrn", "birth_date", "order_item_id", "responsible", "kind", "title", "collected_at",
    "conclusion", "interpretation",
)  # fmt: skip
STATUSES = set(ReportStatus) - {ReportStatus.ENTERED_IN_ERROR}  # that is for people to say
Row = dict[str, str]


def read_csv(text: str, zone: tzinfo) -> Iterator[FileReport | Unreadable]:
    """Reports in the order in which they begin.

    Raises ValueError for a head that is not ours, and for what is no CSV at all.
    """
    reader = csv.DictReader(io.StringIO(text, newline=""))
    head = reader.fieldnames or []
    if missing := [name for name in REQUIRED if name not in head]:
        raise ValueError(f"the file lacks the columns {', '.join(missing)}")
    if strange := [name for name in head if name not in {*REQUIRED, *OPTIONAL}]:
        raise ValueError(f"nothing is known of the columns {', '.join(map(str, strange))}")
    grouped: dict[tuple[str, str, str], list[tuple[int, Row]]] = {}
    for number, row in numbered(reader):
        key = (row["report_id"], row["status"], row["issued_at"])
        grouped.setdefault(key, []).append((number, row))
    for rows in grouped.values():
        line = rows[0][0]
        try:
            yield report_of(rows, zone)
        except Unfit as unfit:
            yield Unreadable(line, f"cannot be read: {unfit}")


def numbered(reader: "csv.DictReader[str]") -> Iterator[tuple[int, Row]]:
    """Each row with the line on which it begins; words may go over several lines."""
    try:
        for raw in reader:
            said = {name: raw.get(name) or "" for name in (*REQUIRED, *OPTIONAL)}
            begins = reader.line_num - sum(value.count("\n") for value in said.values())
            yield begins, {name: value.strip() for name, value in said.items()}
    except csv.Error:
        raise ValueError(f"line {reader.line_num + 1} is no CSV") from None


def report_of(rows: Sequence[tuple[int, Row]], zone: tzinfo) -> FileReport:
    line, first = rows[0]
    for name in REQUIRED:
        if not first[name]:
            raise Unfit(name)
    for _, row in rows[1:]:
        differing = [name for name in OF_REPORT if row[name] and row[name] != first[name]]
        if differing:
            raise Unfit(f"{differing[0]} differs within the report")
    status = one_of(ReportStatus, first["status"], "status")
    if status not in STATUSES:
        raise Unfit("status")
    interpretation = read_flag(first["interpretation"], "interpretation")
    return FileReport(
        line=line,
        external_id=read_number(first["report_id"], "report_id"),
        mrn=read_number(first["mrn"], "mrn"),
        birth_date=read_day(first["birth_date"], "birth_date"),
        order_item_id=first["order_item_id"] or None,
        responsible=first["responsible"] or None,
        kind=one_of(ReportKind, first["kind"] or "lab", "kind"),
        title=read_title(first["title"] or first["name"], "title"),
        status=status,
        content=content_of(
            issued_at=read_moment(first["issued_at"], "issued_at", zone),
            collected_at=read_moment(first["collected_at"], "collected_at", zone),
            conclusion=first["conclusion"] or None,
            interpretation=interpretation,
            observations=[observation(row) for _, row in rows if row["value"]],
        ),
    )


def observation(row: Row) -> dict[str, Any]:
    return {
        "code": row["code"] or None,
        "name": row["name"],
        "unit": row["unit"] or None,
        "interpretation": read_flag(row["flag"], "flag"),
        **{
            name: read_limit(row[name], name)
            for name in ("low", "high", "critical_low", "critical_high")
        },
        **read_value(row["value"]),
    }


def one_of(kind: Any, written: str, field: str) -> Any:
    try:
        return kind(written.lower())
    except ValueError:
        raise Unfit(field) from None


def read_moment(written: str, field: str, zone: tzinfo) -> datetime | None:
    if not written:
        return None
    try:
        return with_zone(datetime.fromisoformat(written), zone)
    except ValueError:
        raise Unfit(field) from None
