"""The supervisor's board: numbers per pool and severity, the flow of a day, what will breach."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.web.presenters.formats import Moment, State, counted
from app.web.presenters.queue import Tab
from app.web.presenters.queue_rows import SEVERITIES
from app.web.presenters.queue_times import Watch
from app.web.presenters.wall_time import clock_moment, duration, wall_clock
from app.work_queues.boards import Board, Forecast, HourOfFlow, PoolOnBoard, SeverityOnBoard

WIDTH, HEIGHT = 480, 80  # of a chart, in its own units
LABEL_EVERY = 4


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class FlowHour:
    span: str
    arrived: int
    finished: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Arrivals beside completions of each hour; `hours` say the same as a table."""

    width: int
    height: int
    floor: float
    most: int
    bars: tuple[Bar, ...]
    labels: tuple[str, ...]
    hours: tuple[FlowHour, ...]
    arrived: int
    finished: int


@dataclass(frozen=True, slots=True)
class SeverityLine:
    severity: State
    open: int
    claimed: int
    breached: int
    escalated: int
    oldest: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What will breach in the next hour, in a number or in words why there is none."""

    number: str
    text: str
    bad: bool
    first: str
    first_href: str
    pace: str
    assumptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PoolCard:
    key: str
    name: str
    href: str
    on_duty: str
    nobody: bool
    lines: tuple[SeverityLine, ...]
    chart: Chart
    outlook: Outlook


@dataclass(frozen=True, slots=True)
class BoardView:
    at: Moment
    totals: tuple[State, ...]
    chart: Chart
    pools: tuple[PoolCard, ...]


@dataclass(frozen=True, slots=True)
class BoardPage:
    tabs: tuple[Tab, ...]
    zone: str
    board: BoardView


def board_view(found: Board, watch: Watch) -> BoardView:
    every = [line for pool in found.pools for line in pool.severities]
    numbers = (
        ("", "open", sum(line.open for line in every)),
        ("", "in hands", sum(line.claimed for line in every)),
        ("bad", "breached", sum(line.breached for line in every)),
        ("warn", "escalated", sum(line.escalated for line in every)),
    )
    return BoardView(
        at=clock_moment(found.at, watch.zone),
        totals=tuple(
            State(kind if number else "", f"{number} {label}") for kind, label, number in numbers
        ),
        chart=chart(found.flow, watch),
        pools=tuple(pool_card(pool, watch) for pool in found.pools),
    )


def pool_card(pool: PoolOnBoard, watch: Watch) -> PoolCard:
    return PoolCard(
        key=pool.key,
        name=pool.name,
        href=f"/queue?state=open&pool={pool.pool_id}",
        on_duty=f"{pool.on_duty or 'nobody'} on duty",
        nobody=pool.on_duty == 0,
        lines=tuple(line(each) for each in pool.severities),
        chart=chart(pool.flow, watch),
        outlook=outlook(pool.forecast, watch),
    )


def line(each: SeverityOnBoard) -> SeverityLine:
    return SeverityLine(
        severity=SEVERITIES[each.severity],
        open=each.open,
        claimed=each.claimed,
        breached=each.breached,
        escalated=each.escalated,
        oldest=age(each.oldest_seconds),
    )


def age(seconds: int) -> str:
    past = timedelta(seconds=seconds)
    return counted(past.days, "day") if past.days else duration(seconds // 60)


def outlook(each: Forecast, watch: Watch) -> Outlook:
    number = "?" if each.breaches is None else str(each.breaches)
    text = "will breach within the hour"
    if each.breaches is None:
        text = f"cannot be foretold: {each.due_within_hour} due within the hour"
    first = ""
    if each.first is not None:
        first = f"the first, {each.first.severity}, at {wall_clock(each.first.due_at, watch.zone)}"
    return Outlook(
        number=number,
        text=text,
        bad=bool(each.breaches),
        first=first,
        first_href=f"/queue?item={each.first.item_id}" if each.first else "",
        pace=pace(each),
        assumptions=tuple(each.assumptions),
    )


def pace(each: Forecast) -> str:
    if each.finished_per_hour is None or each.arrived_per_hour is None:
        return ""
    return f"{each.finished_per_hour:.1f} finished and {each.arrived_per_hour:.1f} new an hour"


def chart(flow: Sequence[HourOfFlow], watch: Watch) -> Chart:
    most = max((max(each.arrived, each.finished) for each in flow), default=0) or 1
    slot = WIDTH / max(1, len(flow))
    room = HEIGHT - 1  # for the line below
    bars: list[Bar] = []
    for at, each in enumerate(flow):
        for kind, number, shift in (("in", each.arrived, 0.1), ("out", each.finished, 0.5)):
            height = room * number / most
            x = round((at + shift) * slot, 1)
            bars.append(
                Bar(x, round(room - height, 1), round(slot * 0.36, 1), round(height, 1), kind)
            )
    return Chart(
        width=WIDTH,
        height=HEIGHT,
        floor=room,
        most=most,
        bars=tuple(bar for bar in bars if bar.height),
        labels=tuple(
            wall_clock(each.starts_at, watch.zone)
            for at, each in enumerate(flow)
            if at % LABEL_EVERY == 0
        ),
        hours=tuple(flow_hour(each, watch) for each in flow),
        arrived=sum(each.arrived for each in flow),
        finished=sum(each.finished for each in flow),
    )


def flow_hour(each: HourOfFlow, watch: Watch) -> FlowHour:
    ends = each.starts_at + timedelta(hours=1)
    span = f"{wall_clock(each.starts_at, watch.zone)} to {wall_clock(ends, watch.zone)}"
    return FlowHour(span, each.arrived, each.finished)
