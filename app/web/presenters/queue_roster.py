"""Who is on duty now, the week of shifts, and who is away with whom in their place."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.web.presenters.queue import Tab
from app.web.presenters.queue_times import Watch
from app.web.presenters.wall_time import day_moment, short_day, wall_clock, wall_day
from app.work_queues.rosters import AbsenceOut, MemberOut, Pool, Roster, RosterNow

DAYS = 7
WEEK = timedelta(days=DAYS)
SAVED = {
    "shift": "The shift is planned.",
    "week": "The week is repeated.",
    "absence": "The absence is noted.",
    "member": "They belong to the pool now.",
}
Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class OnDuty:
    pool: str
    people: tuple[str, ...]
    remark: str


@dataclass(frozen=True, slots=True)
class Shift:
    id: UUID
    who: str
    span: str
    now: bool
    over: bool
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DayHead:
    label: str
    today: bool


@dataclass(frozen=True, slots=True)
class Cell:
    shifts: tuple[Shift, ...]
    today: bool


@dataclass(frozen=True, slots=True)
class PoolWeek:
    id: UUID
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """`by_name`: they belong because somebody said so, not by their role."""

    id: UUID
    name: str
    by_name: bool


@dataclass(frozen=True, slots=True)
class Belonging:
    """Who is in a pool, and who could be added to it."""

    id: UUID
    name: str
    members: tuple[Member, ...]
    others: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Away:
    id: UUID
    who: str
    span: str
    instead: str
    may_cancel: bool


@dataclass(frozen=True, slots=True)
class RosterPage:
    tabs: tuple[Tab, ...]
    zone: str
    now: str
    on_duty: tuple[OnDuty, ...]
    days: tuple[DayHead, ...]
    weeks: tuple[PoolWeek, ...]
    any_shift: bool
    first_day: str
    title: str
    earlier: str
    this_week: str
    later: str
    absences: tuple[Away, ...]
    plans: bool
    belonging: tuple[Belonging, ...]
    pools: tuple[Choice, ...]
    people: tuple[Choice, ...]
    me: str
    saved: str


@dataclass(frozen=True, slots=True)
class Planner:
    """Who looks, and whether they plan for others."""

    id: UUID
    plans: bool


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def on_duty(found: RosterNow) -> tuple[OnDuty, ...]:
    shown = []
    for each in found.items:
        people = tuple(
            f"{one.full_name} (for {one.in_place_of_name})" if one.in_place_of else one.full_name
            for one in each.people
        )
        remark = "" if each.planned else "no shifts planned: everybody of the pool"
        shown.append(OnDuty(each.pool.name, people, remark))
    return tuple(shown)


def weeks(found: Roster, pools: Sequence[Pool], first: date, watch: Watch) -> tuple[PoolWeek, ...]:
    today = wall_day(watch.now, watch.zone)
    days = [first + timedelta(days=number) for number in range(DAYS)]
    cells: dict[tuple[UUID, date], list[Shift]] = {}
    for each in found.items:
        day = max(wall_day(each.starts_at, watch.zone), first)
        cells.setdefault((each.pool_id, day), []).append(shift(each, watch))
    return tuple(
        PoolWeek(
            pool.id,
            pool.name,
            tuple(Cell(tuple(cells.get((pool.id, day), ())), day == today) for day in days),
        )
        for pool in pools
    )


def shift(each: Any, watch: Watch) -> Shift:
    """A shift, and where somebody else is there instead."""
    remarks = []
    for stretch in each.there:
        if stretch.user_id is None:
            remarks.append("away, nobody stands in")
        elif stretch.in_place_of is not None:
            remarks.append(f"away: {stretch.full_name}")
    return Shift(
        id=each.id,
        who=each.full_name,
        span=span(each.starts_at, each.ends_at, watch.zone),
        now=each.starts_at <= watch.now < each.ends_at,
        over=each.ends_at <= watch.now,
        remarks=tuple(dict.fromkeys(remarks)),
    )


def span(starts_at: Any, ends_at: Any, zone: ZoneInfo) -> str:
    """08:00 to 16:00; over midnight with the day of the end."""
    ends = wall_clock(ends_at, zone)
    last = wall_day(ends_at, zone)
    if last != wall_day(starts_at, zone):
        ends = f"{ends} {short_day(last)[:3]}"
    return f"{wall_clock(starts_at, zone)} to {ends}"


def away(found: Sequence[AbsenceOut], watch: Watch, planner: Planner) -> tuple[Away, ...]:
    return tuple(
        Away(
            id=each.id,
            who=each.full_name,
            span=f"{day_moment(each.starts_at, watch.zone).text} to "
            f"{day_moment(each.ends_at, watch.zone).text}",
            instead=each.substitute_name or "",
            may_cancel=planner.plans or each.user_id == planner.id,
        )
        for each in found
        if each.cancelled_at is None
    )


def belonging(
    found: Mapping[UUID, Sequence[MemberOut]], pools: Sequence[Pool], people: Mapping[UUID, str]
) -> tuple[Belonging, ...]:
    return tuple(
        Belonging(
            id=pool.id,
            name=pool.name,
            members=tuple(Member(each.user_id, each.full_name, each.by_name) for each in members),
            others=by_name(people, {each.user_id for each in members}),
        )
        for pool in pools
        if (members := found.get(pool.id)) is not None
    )


def by_name(people: Mapping[UUID, str], except_for: Collection[UUID] = ()) -> tuple[Choice, ...]:
    left = ((str(each), name) for each, name in people.items() if each not in except_for)
    return tuple(sorted(left, key=lambda one: one[1]))


def page(
    tabs: tuple[Tab, ...],
    watch: Watch,
    planner: Planner,
    *,
    duty: RosterNow,
    roster: Roster,
    pools: Sequence[Pool],
    first: date,
    absences: Sequence[AbsenceOut],
    people: Mapping[UUID, str],
    members: Mapping[UUID, Sequence[MemberOut]],
    saved: str,
) -> RosterPage:
    return RosterPage(
        tabs=tabs,
        zone=watch.zone.key,
        now=watch.now.isoformat(),
        on_duty=on_duty(duty),
        days=tuple(
            DayHead(short_day(day), day == wall_day(watch.now, watch.zone))
            for day in (first + timedelta(days=number) for number in range(DAYS))
        ),
        weeks=weeks(roster, pools, first, watch),
        any_shift=bool(roster.items),
        first_day=first.isoformat(),
        title=f"{short_day(first)} to {short_day(first + timedelta(days=DAYS - 1))}",
        earlier=(first - WEEK).isoformat(),
        this_week=monday_of(wall_day(watch.now, watch.zone)).isoformat(),
        later=(first + WEEK).isoformat(),
        absences=away(absences, watch, planner),
        plans=planner.plans,
        belonging=belonging(members, pools, people),
        pools=tuple((str(pool.id), pool.name) for pool in pools),
        people=by_name(people),
        me=str(planner.id),
        saved=SAVED.get(saved, ""),
    )
