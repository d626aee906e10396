"""A month as a picture: a row for each doctor, a bar for each day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from app.scheduling.appointments import DayCell, MonthOut
from app.web.presenters.formats import Moment, counted
from app.web.presenters.wall_time import WEEKDAYS, clock_moment, duration, long_day

BAR_HEIGHT = 28
FULL_DAY_MINUTES = 8 * 60
SATURDAY = 6
ONE_DAY = timedelta(days=1)
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class DayHead:
    number: int
    weekday: str
    name: str
    is_weekend: bool
    is_today: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """Heights in units of the picture; `kind`: usual, over, unknown (hours nobody knows) or off."""

    href: str
    label: str
    kind: str
    open: int
    booked: int
    number: int
    noshow: int
    head: DayHead


@dataclass(frozen=True, slots=True)
class DoctorRow:
    name: str
    bars: tuple[Bar, ...]
    number: int
    share: str


@dataclass(frozen=True, slots=True)
class MonthPage:
    title: str
    previous: str
    next: str
    this: str
    days: tuple[DayHead, ...]
    rows: tuple[DoctorRow, ...]
    counted: Moment | None
    behind: Moment | None


def month_page(found: MonthOut, zone: ZoneInfo, today: date) -> MonthPage:
    first = found.days[0]
    heads = tuple(day_head(day, today) for day in found.days)
    most = most_minutes(cell for doctor in found.practitioners for cell in doctor.cells)
    return MonthPage(
        title=f"{first:%B %Y}",
        previous=month_of(first - ONE_DAY),
        next=month_of(found.days[-1] + ONE_DAY),
        this=month_of(today),
        days=heads,
        rows=tuple(
            doctor_row(doctor.name, doctor.cells, heads, most) for doctor in found.practitioners
        ),
        counted=clock_moment(found.refreshed_at, zone) if found.refreshed_at else None,
        behind=clock_moment(found.behind_since, zone) if found.behind_since else None,
    )


def month_of(day: date) -> str:
    return f"{day.year:04d}-{day.month:02d}"


def day_head(day: date, today: date) -> DayHead:
    name = WEEKDAYS[day.weekday()]
    weekend = day.isoweekday() >= SATURDAY
    return DayHead(day.day, name[:2], long_day(day), weekend, day == today)


def most_minutes(cells: Iterable[DayCell]) -> int:
    """The longest day of the month is as high as a bar gets."""
    return max((max(cell.open_minutes or 0, cell.booked_minutes) for cell in cells), default=0) or (
        FULL_DAY_MINUTES
    )


def doctor_row(
    name: str, cells: Sequence[DayCell], heads: Sequence[DayHead], most: int
) -> DoctorRow:
    open_minutes = sum(cell.open_minutes or 0 for cell in cells)
    booked = sum(cell.booked_minutes for cell in cells)
    return DoctorRow(
        name=name,
        bars=tuple(bar(name, *each, most) for each in zip(cells, heads, strict=True)),
        number=sum(number_of(cell) for cell in cells),
        share=f"{booked * HUNDRED // open_minutes} %" if open_minutes else "",
    )


def number_of(cell: DayCell) -> int:
    """Everybody who came or is to come."""
    return cell.booked + cell.finished


def bar(doctor: str, cell: DayCell, head: DayHead, most: int) -> Bar:
    return Bar(
        href=f"/calendar?date={cell.date.isoformat()}",
        label=f"{doctor}, {head.name}: {sentence(cell)}",
        kind=kind_of(cell),
        open=height(cell.open_minutes or 0, most),
        booked=height(cell.booked_minutes, most),
        number=number_of(cell),
        noshow=cell.noshow,
        head=head,
    )


def kind_of(cell: DayCell) -> str:
    if cell.open_minutes is None:
        return "unknown"
    if cell.booked_minutes > cell.open_minutes:
        return "over"
    return "usual" if cell.open_minutes else "off"


def height(minutes: int, most: int) -> int:
    """At least one unit where there is anything at all."""
    return max(round(BAR_HEIGHT * minutes / most), 1) if minutes else 0


def sentence(cell: DayCell) -> str:
    """12 appointments, 5 h of 8 h booked, 1 no-show."""
    parts = [counted(number_of(cell), "appointment")]
    booked = duration(cell.booked_minutes)
    if cell.open_minutes is None:
        parts.append(f"{booked} booked, hours not known")
    elif cell.open_minutes:
        parts.append(f"{booked} of {duration(cell.open_minutes)} booked")
    else:
        parts.append(f"{booked} booked outside of hours" if cell.booked_minutes else "not open")
    if cell.noshow:
        parts.append(counted(cell.noshow, "no-show"))
    if cell.cancelled:
        parts.append(f"{cell.cancelled} cancelled")
    return ", ".join(parts)
