"""The form results are entered with: the lines of what was ordered, or what was reported before."""

from dataclasses import dataclass
from typing import Any

from app.clinical.results import AnalyteOut, ObservationOut, ReportStatus
from app.web.presenters.patients import Choice, PatientBanner
from app.web.presenters.result_words import shown
from app.web.presenters.trend import plain, range_words


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A line of the form; what is not known is typed."""

    code: str
    name: str
    value: str
    unit: str
    low: str
    high: str
    critical_low: str
    critical_high: str
    hint: str


@dataclass(frozen=True, slots=True)
class EntryPage:
    """`again`: it is reported once more, after version `number`; else the first report of it."""

    banner: PatientBanner
    title: str
    action: str
    back: str
    rows: tuple[EntryRow, ...]
    statuses: tuple[Choice, ...]
    conclusion: str
    again: bool
    number: int
    zone: str
    now: str
    local: str


def entry_row(analyte: AnalyteOut) -> EntryRow:
    """The range is a hint, not the laboratory's own: sent along it would win over ours."""
    usual = range_words(analyte.low, analyte.high)
    return EntryRow(
        code=analyte.code,
        name=analyte.name,
        value="",
        unit=analyte.unit,
        low="",
        high="",
        critical_low="",
        critical_high="",
        hint=f"usual {usual}" if usual else "",
    )


def again_row(told: ObservationOut) -> EntryRow:
    """What was reported before; the laboratory's own limits stay its own."""
    own = told.range_source is not None and told.range_source.startswith("the laboratory")

    def typed(value: float | None) -> str:
        return plain(value) if value is not None and own else ""

    return EntryRow(
        code=told.code or "",
        name=told.name,
        value=shown(told),
        unit=told.unit or "",
        low=typed(told.low),
        high=typed(told.high),
        critical_low=typed(told.critical_low),
        critical_high=typed(told.critical_high),
        hint="" if own else range_words(told.low, told.high),
    )


FIRST = (Choice("final", "Final"), Choice("preliminary", "Preliminary"))
NEXT: dict[Any, tuple[Choice, ...]] = {
    ReportStatus.REGISTERED: FIRST,
    ReportStatus.PRELIMINARY: FIRST,
    ReportStatus.FINAL: (Choice("corrected", "Corrected"),),
    ReportStatus.CORRECTED: (Choice("corrected", "Corrected again"),),
}
