"""Screenings of a patient: their list, the questions to ask, and the one that will not wait."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from app.crisis.screenings import (
    AnswerKind,
    Answers,
    Instrument,
    Item,
    Option,
    ScreeningDemand,
    ScreeningInstrument,
    ScreeningOut,
    ScreeningStatus,
)
from app.web.presenters.formats import Link, Moment, State, moment
from app.web.presenters.patients import Choice, PatientBanner
from app.web.presenters.risk_levels import BADGES
from app.web.presenters.screening_result import ResultView, result_view, summary

STATES = {
    ScreeningStatus.IN_PROGRESS: State("draft", "under way"),
    ScreeningStatus.COMPLETED: State("ok", "completed"),
    ScreeningStatus.ABANDONED: State("", "abandoned"),
    ScreeningStatus.ENTERED_IN_ERROR: State("bad", "entered in error"),
}
OUT_OF_WORDS = "Something in the record asks for it."
BECAUSE = {
    "signal": "A sign of danger was confirmed.",
    "phq-9.item-9": "The PHQ-9 has thoughts of being better off dead, or the question about them "
    "was not answered.",
}
LEVEL_WORDS = json.dumps({level: [state.kind, state.label] for level, state in BADGES.items()})
LATER = (
    Choice("15", "for 15 minutes"),
    Choice("60", "for an hour"),
    Choice("240", "for 4 hours"),
    Choice("1440", "for a day"),
    Choice("10080", "for a week"),
)


@dataclass(frozen=True, slots=True)
class OptionView:
    value: str
    label: str
    key: str
    picked: bool
    is_number: bool


@dataclass(frozen=True, slots=True)
class ItemView:
    link_id: str
    text: str
    hint: str
    kind: str
    options: tuple[OptionView, ...]
    typed: str
    is_asked: bool
    is_optional: bool


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    items: tuple[ItemView, ...]

    @property
    def is_asked(self) -> bool:
        return any(item.is_asked for item in self.items)


@dataclass(frozen=True, slots=True)
class Form:
    """The questions. Without a `screening_id` the first answer begins the screening."""

    screening_id: UUID | None
    patient_id: UUID
    encounter_id: UUID | None
    instrument: str
    title: str
    version: int
    intro: str
    groups: tuple[Group, ...]
    levels: str
    rules_version: int


@dataclass(frozen=True, slots=True)
class Said:
    """A question that was asked, and its answer."""

    link_id: str
    text: str
    answer: str


@dataclass(frozen=True, slots=True)
class ScreeningPage:
    """Under way there is a form; afterwards what was said, and the result if there is one."""

    banner: PatientBanner
    id: UUID
    title: str
    state: State
    who: str
    at: Moment
    form: Form | None
    result: ResultView | None
    said: tuple[Said, ...]
    reason: str
    can_be_wrong: bool
    back: Link


@dataclass(frozen=True, slots=True)
class Row:
    id: UUID
    title: str
    at: Moment
    who: str
    detail: str
    state: State
    level: State | None


@dataclass(frozen=True, slots=True)
class DueRow:
    title: str
    because: str
    put_off: Moment | None
    href: str


@dataclass(frozen=True, slots=True)
class HistoryPage:
    banner: PatientBanner
    rows: tuple[Row, ...]
    due: tuple[DueRow, ...]
    instruments: tuple[Choice, ...]
    encounter_id: UUID | None
    next_href: str | None


@dataclass(frozen=True, slots=True)
class Interruption:
    """A screening that is due, with its form inside."""

    demand_id: UUID
    title: str
    because: str
    since: Moment
    form: Form
    later: tuple[Choice, ...]
    back: Link


@dataclass(frozen=True, slots=True)
class InterruptionPage:
    banner: PatientBanner
    interruption: Interruption


def form_of(
    instrument: ScreeningInstrument,
    *,
    patient_id: UUID,
    encounter_id: UUID | None,
    screening: ScreeningOut | None,
    asked: Sequence[str],
) -> Form:
    definition = instrument.questions
    answers = screening.answers if screening else {}
    groups = groupby(definition.items, key=lambda item: item.group or "")
    return Form(
        screening_id=screening.id if screening else None,
        patient_id=patient_id,
        encounter_id=encounter_id,
        instrument=instrument.key,
        title=instrument.title,
        version=screening.version if screening else 0,
        intro=definition.intro,
        groups=tuple(
            Group(title, tuple(item_view(item, answers, asked) for item in items))
            for title, items in groups
        ),
        levels=LEVEL_WORDS,
        rules_version=instrument.version,
    )


def item_view(item: Item, answers: Answers, asked: Sequence[str]) -> ItemView:
    answer = answers.get(item.link_id)
    return ItemView(
        link_id=item.link_id,
        text=item.text,
        hint=item.hint or "",
        kind=item.kind,
        options=tuple(option_view(option, answer) for option in item.options),
        typed=str(answer or "") if item.kind is AnswerKind.TEXT else "",
        is_asked=item.link_id in asked,
        is_optional=not item.required,
    )


def option_view(option: Option, answer: object) -> OptionView:
    picked = option.value in answer if isinstance(answer, list) else option.value == answer
    return OptionView(
        value=str(option.value),
        label=option.label,
        key=option.key or "",
        picked=picked,
        is_number=isinstance(option.value, int),
    )


def said_of(instrument: ScreeningInstrument, screening: ScreeningOut) -> tuple[Said, ...]:
    """Every question that was asked, answered or not."""
    return tuple(
        Said(item.link_id, item.text, answer_in_words(item, screening.answers))
        for item in instrument.questions.items
        if item.link_id in screening.asked
    )


def answer_in_words(item: Item, answers: Answers) -> str:
    if item.link_id not in answers:
        return "not answered"
    answer = answers[item.link_id]
    labels = {option.value: option.label for option in item.options}
    if isinstance(answer, list):
        return "; ".join(labels[each] for each in answer) or "none of these"
    label = labels.get(answer, str(answer))
    return f"{answer}: {label}" if isinstance(answer, int) else label


def screening_page(
    screening: ScreeningOut,
    instrument: ScreeningInstrument,
    *,
    banner: PatientBanner,
    names: Mapping[UUID, str],
    titles: Mapping[Instrument, str],
) -> ScreeningPage:
    is_under_way = screening.status is ScreeningStatus.IN_PROGRESS
    has_result = screening.status is not ScreeningStatus.ABANDONED and not is_under_way
    return ScreeningPage(
        banner=banner,
        id=screening.id,
        title=screening.title,
        state=STATES[screening.status],
        who=names[screening.ended_by or screening.started_by],
        at=moment(screening.ended_at or screening.started_at),
        form=form_of(
            instrument,
            patient_id=screening.patient_id,
            encounter_id=screening.encounter_id,
            screening=screening,
            asked=screening.asked,
        )
        if is_under_way
        else None,
        result=result_view(screening, instrument, titles) if has_result else None,
        said=() if is_under_way else said_of(instrument, screening),
        reason=screening.reason or "",
        can_be_wrong=screening.status in {ScreeningStatus.COMPLETED, ScreeningStatus.ABANDONED},
        back=back_to(banner.id, screening.encounter_id),
    )


def back_to(patient_id: UUID, encounter_id: UUID | None) -> Link:
    if encounter_id is not None:
        return Link(f"/encounters/{encounter_id}", "Back to the visit")
    return Link(f"/patients/{patient_id}", "Back to the patient's record")


def row(screening: ScreeningOut, names: Mapping[UUID, str]) -> Row:
    level = screening.result.level
    is_over = screening.status is ScreeningStatus.COMPLETED
    return Row(
        id=screening.id,
        title=screening.title,
        at=moment(screening.ended_at or screening.started_at),
        who=names[screening.ended_by or screening.started_by],
        detail=summary(screening),
        state=STATES[screening.status],
        level=BADGES[level] if level and is_over else None,
    )


def due_row(demand: ScreeningDemand, title: str, *, patient_id: UUID, is_due: bool) -> DueRow:
    put_off = None if is_due else demand.deferred_until
    return DueRow(
        title=title,
        because=because_of(demand),
        put_off=moment(put_off) if put_off else None,
        href=f"/patients/{patient_id}/interruption",
    )


def because_of(demand: ScreeningDemand) -> str:
    return BECAUSE.get(demand.because, OUT_OF_WORDS)


def interruption(
    demand: ScreeningDemand, form: Form, *, patient_id: UUID, encounter_id: UUID | None
) -> Interruption:
    return Interruption(
        demand_id=demand.id,
        title=f"{form.title} is due",
        because=because_of(demand),
        since=moment(demand.demanded_at),
        form=form,
        later=LATER,
        back=back_to(patient_id, encounter_id),
    )
