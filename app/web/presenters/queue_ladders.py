"""Ladders in words and as forms, what holds for each kind of work, templates, working time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.web.presenters.choices import PickedChoice
from app.web.presenters.formats import State, counted, day
from app.web.presenters.queue import Tab
from app.web.presenters.queue_rows import SEVERITIES
from app.web.presenters.wall_time import WEEKDAYS, duration
from app.work_queues.calendars import CalendarOut, OpenSpan
from app.work_queues.items import Severity
from app.work_queues.ladders import Channel, Due, DueUnit, LadderOut, Step, Target, WorkTypeOut
from app.work_queues.tasks import TaskTemplate

TARGETS: dict[str, str] = {
    Target.HOLDER: "whoever holds it, else whom it is for, else who is on duty",
    Target.PERSON: "one person",
    Target.ON_DUTY: "those on duty of a pool",
    Target.POOL: "all of a pool, and it goes to their queue",
    Target.EVERYBODY: "everybody who works queues",
}
CHANNELS: dict[str, str] = {Channel.PAGE: "on the page", Channel.EMAIL: "by e-mail"}
UNITS: dict[str, str] = {
    DueUnit.MINUTES: "minutes",
    DueUnit.WORKING_MINUTES: "working minutes",
    DueUnit.DAYS: "days",
    DueUnit.WORKING_DAYS: "working days",
}
SAVED = {
    "ladder": "The ladder is saved. What climbs already keeps its steps.",
    "type": "The type is saved; it holds for work that begins from now on.",
    "template": "The template is saved.",
    "calendar": "The calendar is saved.",
    "closure": "The holiday is added.",
}
ALWAYS = "always"  # the calendar in which every minute counts, which nobody changes
Choices = tuple[PickedChoice, ...]


@dataclass(frozen=True, slots=True)
class StepForm:
    minutes: str
    targets: Choices
    people: Choices
    pools: Choices
    channels: Choices


@dataclass(frozen=True, slots=True)
class LadderCard:
    key: str
    name: str
    calendar: str
    version: int
    steps: tuple[str, ...]
    calendars: Choices
    forms: tuple[StepForm, ...]


@dataclass(frozen=True, slots=True)
class DueForm:
    amount: str
    units: Choices


@dataclass(frozen=True, slots=True)
class TypeCard:
    code: str
    kind: str
    title: str
    severity: State
    summary: str
    version: int
    severities: Choices
    pools: Choices
    calendars: Choices
    ladders: Choices
    due: DueForm
    acknowledged: str


@dataclass(frozen=True, slots=True)
class TemplateCard:
    id: UUID
    name: str
    title: str
    body: str
    summary: str
    version: int
    severities: Choices
    pools: Choices
    due: DueForm
    checklist: str


@dataclass(frozen=True, slots=True)
class HoursOfDay:
    number: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Holiday:
    iso: str
    day: str
    name: str


@dataclass(frozen=True, slots=True)
class CalendarCard:
    key: str
    name: str
    version: int
    fixed: bool
    summary: str
    hours: tuple[HoursOfDay, ...]
    holidays: tuple[Holiday, ...]


@dataclass(frozen=True, slots=True)
class LaddersPage:
    tabs: tuple[Tab, ...]
    zone: str
    now: str
    ladders: tuple[LadderCard, ...]
    types: tuple[TypeCard, ...]
    templates: tuple[TemplateCard, ...]
    calendars: tuple[CalendarCard, ...]
    new_step: StepForm
    new_template: TemplateCard
    new_calendar: CalendarCard
    calendar_choices: Choices
    saved: str


@dataclass(frozen=True, slots=True)
class Clinic:
    """Names of everything a ladder may name."""

    people: Mapping[UUID, str]
    pools: Mapping[UUID, str]
    calendars: Mapping[UUID, str]
    ladders: Mapping[UUID, str]


def chosen(names: Mapping[UUID, str], value: UUID | None, *, none: str = "") -> Choices:
    found = [PickedChoice("", none, value is None)] if none else []
    ordered = sorted(names.items(), key=lambda each: each[1])
    return (*found, *(PickedChoice(str(key), name, key == value) for key, name in ordered))


def ladder_card(each: LadderOut, clinic: Clinic) -> LadderCard:
    return LadderCard(
        key=each.key,
        name=each.name,
        calendar=clinic.calendars.get(each.calendar_id, ""),
        version=each.version,
        steps=tuple(in_words(step, clinic) for step in each.steps),
        calendars=chosen(clinic.calendars, each.calendar_id),
        forms=tuple(step_form(step, clinic) for step in each.steps),
    )


def in_words(step: Step, clinic: Clinic) -> str:
    """After 15 min: Doctors on duty, on the page."""
    when = f"after {duration(step.after_minutes)}" if step.after_minutes else "at once"
    whom = TARGETS[step.target]
    if step.user_id:
        whom = clinic.people.get(step.user_id, "somebody no longer here")
    if step.pool_id:
        pool = clinic.pools.get(step.pool_id, "a pool")
        whom = f"{pool} on duty" if step.target is Target.ON_DUTY else f"all of {pool}"
    return f"{when}: {whom}, {CHANNELS[step.channel]}"


def step_form(step: Step | None, clinic: Clinic) -> StepForm:
    return StepForm(
        minutes=str(step.after_minutes) if step else "",
        targets=words(TARGETS, step.target if step else Target.ON_DUTY),
        people=chosen(clinic.people, step.user_id if step else None),
        pools=chosen(clinic.pools, step.pool_id if step else None),
        channels=words(CHANNELS, step.channel if step else Channel.PAGE),
    )


def words(found: Mapping[str, str], value: str | None) -> Choices:
    return tuple(PickedChoice(key, label, key == value) for key, label in found.items())


def severities(value: str) -> Choices:
    return tuple(PickedChoice(each, each, each == value) for each in Severity)


def due_words(amount: int, unit: DueUnit) -> str:
    if amount == 1:
        return f"1 {UNITS[unit].removesuffix('s')}"
    return f"{amount} {UNITS[unit]}"


def due_form(due: Due | None) -> DueForm:
    unit = due.unit if due else DueUnit.WORKING_DAYS
    return DueForm(str(due.amount) if due else "", words(UNITS, unit))


def type_card(each: WorkTypeOut, clinic: Clinic) -> TypeCard:
    said = [
        f"for {clinic.pools.get(each.pool_id, '')}",
        f"due after {due_words(each.due.amount, each.due.unit)}" if each.due else "no deadline",
        f"ladder: {clinic.ladders[each.ladder_id]}" if each.ladder_id else "no ladder",
    ]
    if each.acknowledged_minutes:
        said.append(f"an acknowledgement holds {duration(each.acknowledged_minutes)}")
    return TypeCard(
        code=each.code,
        kind=each.kind,
        title=each.title,
        severity=SEVERITIES[Severity(each.severity)],
        summary=" · ".join(said),
        version=each.version,
        severities=severities(each.severity),
        pools=chosen(clinic.pools, each.pool_id),
        calendars=chosen(clinic.calendars, each.calendar_id),
        ladders=chosen(clinic.ladders, each.ladder_id, none="none"),
        due=due_form(each.due),
        acknowledged=str(each.acknowledged_minutes or ""),
    )


def template_card(each: TaskTemplate, clinic: Clinic) -> TemplateCard:
    due = None
    if each.due_amount is not None and each.due_unit is not None:
        due = Due.model_construct(amount=each.due_amount, unit=each.due_unit)
    said = [
        f"for {clinic.pools.get(each.pool_id, '')}",
        f"due after {due_words(due.amount, due.unit)}" if due else "due as its type says",
    ]
    if each.checklist:
        said.append(counted(len(each.checklist), "step"))
    return TemplateCard(
        id=each.id,
        name=each.name,
        title=each.title,
        body=each.body or "",
        summary=" · ".join(said),
        version=each.version,
        severities=severities(each.severity),
        pools=chosen(clinic.pools, each.pool_id),
        due=due_form(due),
        checklist="\n".join(each.checklist),
    )


def new_template(clinic: Clinic) -> TemplateCard:
    return TemplateCard(
        id=UUID(int=0),
        name="",
        title="",
        body="",
        summary="",
        version=0,
        severities=severities(Severity.MEDIUM),
        pools=chosen(clinic.pools, None),
        due=due_form(None),
        checklist="",
    )


def hours_of(spans: Sequence[OpenSpan]) -> tuple[HoursOfDay, ...]:
    """Every day of the week, those without hours too."""
    found: list[HoursOfDay] = []
    for number, name in enumerate(WEEKDAYS, start=1):
        theirs = [f"{one.opens} to {one.closes}" for one in spans if one.weekday == number]
        found.append(HoursOfDay(number, name, ", ".join(theirs)))
    return tuple(found)


def new_calendar() -> CalendarCard:
    return CalendarCard(
        key="", name="", version=0, fixed=False, summary="", hours=hours_of(()), holidays=()
    )


def calendar_card(each: CalendarOut) -> CalendarCard:
    hours = hours_of(each.spans)
    return CalendarCard(
        key=each.key,
        name=each.name,
        version=each.version,
        fixed=each.key == ALWAYS,
        summary=summary(hours, len(each.closures)),
        hours=hours,
        holidays=tuple(
            Holiday(one.closed_on.isoformat(), day(one.closed_on), one.name)
            for one in each.closures
        ),
    )


def summary(hours: Sequence[HoursOfDay], holidays: int) -> str:
    """Mon 08:00 to 17:00; Tue …: days of the same hours together."""
    grouped: dict[str, list[str]] = {}
    for each in hours:
        if each.text:
            grouped.setdefault(each.text, []).append(each.name[:3])
    said = "; ".join(f"{', '.join(days)} {text}" for text, days in grouped.items())
    return f"{said or 'no hours'} · {counted(holidays, 'holiday')}"
