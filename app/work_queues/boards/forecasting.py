"""What will breach within the next hour, said together with what that rests on.

Pure arithmetic. The queue is worked in its order, by so many people, each at the pace of the last
hours; of what arrives only what is more severe goes first. More people finish everything sooner,
so they never make more breaches.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.work_queues.boards.schemas import FirstBreach, Forecast
from app.work_queues.items import Severity

AHEAD = timedelta(hours=1)
SECONDS_PER_HOUR = 3600
RANK = {severity: rank for rank, severity in enumerate(Severity)}
UNKNOWN_PACE = (
    "Nothing was finished in the last {hours:g} hours, so nobody knows how fast work goes:"
    " anything from none to all {due} that fall due may breach."
)
UNKNOWN_ARRIVALS = "Nobody knows how much will arrive: as if nothing did."


@dataclass(frozen=True, slots=True)
class OpenItem:
    """Something open; a list of them is in the order of work."""

    id: UUID
    severity: Severity
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What the last hours were like. `people`: on duty then. `arrived` None: nobody knows."""

    hours: float
    finished: int
    people: int
    arrived: Mapping[Severity, int] | None

    @property
    def per_person(self) -> float | None:
        """Finished in an hour by each; None when that cannot be known."""
        if self.hours <= 0 or self.finished <= 0:
            return None
        return self.finished / self.hours / max(self.people, 1)

    def arriving_before(self, severity: Severity) -> float:
        """What arrives in an hour and is more severe."""
        if self.arrived is None or self.hours <= 0:
            return 0.0
        ahead = sum(n for each, n in self.arrived.items() if RANK[each] < RANK[severity])
        return ahead / self.hours

    @property
    def arrived_per_hour(self) -> float | None:
        if self.arrived is None or self.hours <= 0:
            return None
        return sum(self.arrived.values()) / self.hours


def forecast(
    queue: Sequence[OpenItem],
    *,
    now: datetime,
    pace: Pace,
    people: int,
    looked_at_all: bool = True,
) -> Forecast:
    """Which of these breach within the hour when `people` go on at this pace.

    `queue`: everything open, in the order of work. `looked_at_all`: whether there is no more.
    """
    due = [each for each in queue if falls_due(each, now)]
    per_hour = None if pace.per_person is None else pace.per_person * people
    late: list[OpenItem] | None
    if not due:
        late = []
    elif per_hour is None:
        late = None
    else:
        late = breaching(queue, now, pace, per_hour)
    return Forecast(
        due_within_hour=len(due),
        breaches=None if late is None else len(late),
        first=first_of(late or []),
        finished_per_hour=None if per_hour is None else round(per_hour, 2),
        arrived_per_hour=pace.arrived_per_hour,
        assumptions=assumptions(queue, pace, people, due=len(due), looked_at_all=looked_at_all),
    )


def falls_due(item: OpenItem, now: datetime) -> bool:
    return item.due_at is not None and now < item.due_at <= now + AHEAD


def breaching(
    queue: Sequence[OpenItem], now: datetime, pace: Pace, per_hour: float
) -> list[OpenItem]:
    late = []
    for turn, item in enumerate(queue, start=1):
        if item.due_at is None or not falls_due(item, now):
            continue
        left = per_hour - pace.arriving_before(item.severity)
        in_hours = (item.due_at - now).total_seconds() / SECONDS_PER_HOUR
        # It is its turn after so many hours; not at all where more severe things come faster.
        if left <= 0 or turn / left > in_hours:
            late.append(item)
    return late


def first_of(late: Sequence[OpenItem]) -> FirstBreach | None:
    dated = [(each.due_at, turn, each) for turn, each in enumerate(late) if each.due_at]
    if not dated:
        return None
    due_at, _, item = min(dated, key=lambda each: each[:2])
    return FirstBreach(item_id=item.id, severity=item.severity, due_at=due_at)


def assumptions(
    queue: Sequence[OpenItem], pace: Pace, people: int, *, due: int, looked_at_all: bool
) -> list[str]:
    """In words and numbers, for whoever has to decide by it."""
    said = [f"{counted(people, 'person is', 'people are')} on duty, and that stays so."]
    if pace.per_person is None:
        said.append(UNKNOWN_PACE.format(hours=pace.hours, due=due))
    else:
        said.append(
            f"In the last {pace.hours:g} hours {counted(pace.people, 'person', 'people')} finished"
            f" {pace.finished}: {pace.per_person:.1f} an hour each, and that stays so."
        )
    if pace.arrived_per_hour is None:
        said.append(UNKNOWN_ARRIVALS)
    else:
        said.append(
            f"{pace.arrived_per_hour:.1f} arrive in an hour; what is more severe goes first,"
            " the rest waits behind."
        )
    said.append(f"All {len(queue)} open are worked in their order, each as long as any other.")
    if not looked_at_all:
        said.append(f"Only the first {len(queue)} were looked at: there is more behind them.")
    return said


def counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
