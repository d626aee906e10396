"""What a chart shows beside the history: problems, medication, and values over time, in short."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.clinical.prescriptions import ItemStatus, MedicationList
from app.clinical.problems import ProblemOut
from app.patients import Patient
from app.web.presenters.formats import State, counted
from app.web.presenters.medication import NOBODY_ASKED, NOTHING_ELSE
from app.web.presenters.patients import ABSENT
from app.web.presenters.prescription_words import STATES, title_of
from app.web.presenters.problems import COURSES, SURENESS, is_active, is_wrong
from app.web.presenters.trend import TrendView


@dataclass(frozen=True, slots=True)
class FactLine:
    text: str
    detail: str
    state: State | None


@dataclass(frozen=True, slots=True)
class FactCard:
    """`said`: entries of the record in its own words; `absence`: what it means that there is none.

    `warning`: what somebody has to look at, on the page this leads to.
    """

    id: str
    title: str
    href: str
    lines: tuple[FactLine, ...]
    said: tuple[str, ...]
    absence: str
    warning: str = ""


@dataclass(frozen=True, slots=True)
class ChartFacts:
    """Nothing at all for those who may not read it."""

    cards: tuple[FactCard, ...] = ()
    trends: tuple[TrendView, ...] = ()


def problems_card(found: Sequence[ProblemOut], patient: Patient) -> FactCard:
    """What goes on; what became a problem is not said twice."""
    became = {one.written_as for one in found if not is_wrong(one)}
    said = tuple(line for line in patient.problems or () if line not in became)
    return FactCard(
        id="problems",
        title="Problems",
        href=f"/patients/{patient.id}/problems",
        lines=tuple(
            FactLine(
                one.description,
                one.code or "",
                SURENESS[one.verification_status] or course_of(one),
            )
            for one in found
            if is_active(one)
        ),
        said=said,
        absence=ABSENT if patient.problems is None else "None known",
    )


def course_of(one: ProblemOut) -> State | None:
    """That it goes on is what the list says."""
    state = COURSES[one.clinical_status]
    return state if state.kind else None


def medication_card(found: MedicationList, patient: Patient) -> FactCard:
    warned = len({one.item_id for one in found.warnings})
    return FactCard(
        id="medications",
        title="Medication",
        href=f"/patients/{patient.id}/medication",
        lines=tuple(
            FactLine(title_of(item), item.sig_text, state)
            for items, state in (
                (found.active, None),
                (found.on_hold, STATES[ItemStatus.ON_HOLD]),
            )
            for item in items
        ),
        said=tuple(entry.text for entry in found.recorded or () if not entry.prescribed_as),
        absence=NOBODY_ASKED if found.recorded is None else NOTHING_ELSE,
        warning=f"{counted(warned, 'warning')} nobody has answered" if warned else "",
    )
