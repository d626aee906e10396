"""How dates, times, sizes and people are written."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

YEARS_FROM_MONTHS = 24
MONTHS_FROM_MONTHS = 2
KILO, MEGA = 1000, 1_000_000

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant for a `<time>` element: UTC here, the reader's own zone in the browser."""

    iso: str
    text: str


@dataclass(frozen=True, slots=True)
class State:
    """A state in a word; `kind` chooses sign and colour."""

    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and a value."""

    name: str
    value: str
    mono: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere to go."""

    href: str
    label: str


def day(value: date) -> str:
    """14-Jul-1945."""
    return f"{value.day:02d}-{MONTHS[value.month - 1]}-{value.year:04d}"


def day_and_time(value: datetime) -> str:
    """14-Jul-2026 09:05, in UTC."""
    value = value.astimezone(UTC)
    return f"{day(value.date())} {value:%H:%M}"


def moment(value: datetime) -> Moment:
    return Moment(iso=value.astimezone(UTC).isoformat(), text=f"{day_and_time(value)} UTC")


def age(born: date, today: date) -> str:
    """Years; months below two years; days below two months."""
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    if months >= YEARS_FROM_MONTHS:
        return f"{months // 12} y"
    if months >= MONTHS_FROM_MONTHS:
        return f"{months} mo"
    return f"{max(0, (today - born).days)} d"


def clock(seconds: float | None) -> str:
    """75.4 is 1:15; an hour more is 1:01:15."""
    whole = max(0, int(seconds or 0))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def size(count: int) -> str:
    if count < KILO:
        return f"{count} bytes"
    if count < MEGA:
        return f"{count / KILO:.0f} kB"
    return f"{count / MEGA:.1f} MB"


def counted(number: int, one: str, several: str | None = None) -> str:
    """1 word, 2 words."""
    return f"{number} {one if number == 1 else several or one + 's'}"


def words(value: str) -> str:
    """`entered-in-error` as people write it."""
    return value.replace("-", " ").replace("_", " ")


def full_name(given: str, family: str) -> str:
    """Family name first, for it is what lists are read by."""
    return f"{family}, {given}"
