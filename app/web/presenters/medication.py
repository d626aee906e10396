"""What a patient takes, as a list; and the page on which one goes through it with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from uuid import UUID

from app.clinical.prescriptions import (
    Decision,
    ItemOut,
    MedicationList,
    PrescriptionOut,
    ReconciliationOut,
    RecordedOut,
)
from app.web.presenters.formats import Moment, State, counted, day, moment
from app.web.presenters.patients import Choice, PatientBanner
from app.web.presenters.prescription_words import (
    DECISIONS,
    STATES,
    FindingRow,
    amount_line,
    finding_row,
    overrides_of,
    title_of,
)
from app.web.presenters.wall_time import wall_day

NOBODY_ASKED = "Nobody has asked yet what else this patient takes."
NOTHING_ELSE = "Asked: nothing else is taken."


@dataclass(frozen=True, slots=True)
class MedicineRow:
    id: UUID
    title: str
    sig: str
    detail: str
    state: State
    why: str
    prescription_href: str
    overrides: tuple[FindingRow, ...]
    warnings: tuple[FindingRow, ...]
    takes: str


@dataclass(frozen=True, slots=True)
class RecordedRow:
    text: str
    state: State
    can_prescribe: bool


@dataclass(frozen=True, slots=True)
class DraftRow:
    href: str
    title: str
    at: Moment


@dataclass(frozen=True, slots=True)
class HeardLine:
    text: str
    said: str


@dataclass(frozen=True, slots=True)
class Heard:
    by: str
    at: Moment
    lines: tuple[HeardLine, ...]


@dataclass(frozen=True, slots=True)
class MedicationPage:
    banner: PatientBanner
    may_prescribe: bool
    active: tuple[MedicineRow, ...]
    on_hold: tuple[MedicineRow, ...]
    ended: tuple[MedicineRow, ...]
    recorded: tuple[RecordedRow, ...]
    recorded_absence: str
    warned: int
    drafts: tuple[DraftRow, ...]
    repeat_id: UUID | None
    heard: Heard | None
    can_go_through: bool


def medication_page(
    found: MedicationList,
    *,
    banner: PatientBanner,
    drafts: Sequence[PrescriptionOut] | None,
    zone: tzinfo,
) -> MedicationPage:
    """`drafts` None: for those who do not prescribe."""
    rows = {
        name: tuple(medicine_row(item, found, zone) for item in items)
        for name, items in (
            ("active", found.active),
            ("on_hold", found.on_hold),
            ("ended", found.ended),
        )
    }
    latest = max((*found.active, *found.ended), key=issued_on, default=None)
    return MedicationPage(
        banner=banner,
        may_prescribe=drafts is not None,
        recorded=tuple(recorded_row(one) for one in found.recorded or ()),
        recorded_absence=NOBODY_ASKED if found.recorded is None else NOTHING_ELSE,
        warned=len({one.item_id for one in found.warnings}),
        drafts=tuple(draft_row(one) for one in drafts or ()),
        repeat_id=latest.prescription_id if latest and drafts is not None else None,
        heard=heard(found.reconciliation) if found.reconciliation else None,
        can_go_through=bool(found.active or found.on_hold or found.recorded),
        **rows,
    )


def issued_on(item: ItemOut) -> str:
    return item.issued_at.isoformat() if item.issued_at else ""


def medicine_row(item: ItemOut, found: MedicationList, zone: tzinfo) -> MedicineRow:
    issued = f"since {day(wall_day(item.issued_at, zone))}" if item.issued_at else ""
    detail = (item.reason, amount_line(item), f"{item.prescriber.name}, {issued}")
    return MedicineRow(
        id=item.id,
        title=title_of(item),
        sig=item.sig_text,
        detail=" · ".join(part for part in detail if part),
        state=STATES[item.status],
        why=why_of(item, zone),
        prescription_href=f"/prescriptions/{item.prescription_id}",
        overrides=overrides_of(item, zone),
        warnings=tuple(
            finding_row(one.finding, zone) for one in found.warnings if one.item_id == item.id
        ),
        takes=takes_of(item, found.reconciliation),
    )


def why_of(item: ItemOut, zone: tzinfo) -> str:
    if not item.status_reason:
        return ""
    return f"{day(wall_day(item.status_at, zone))}: {item.status_reason}"


def takes_of(item: ItemOut, last: ReconciliationOut | None) -> str:
    """What the patient said of it the last time somebody asked."""
    for line in last.lines if last else ():
        if line.item_id == item.id:
            return said(line.decision, line.remark)
    return "not gone through since it was prescribed"


def said(decision: Decision, remark: str | None) -> str:
    return f"{DECISIONS[decision]}: {remark}" if remark else DECISIONS[decision]


def recorded_row(entry: RecordedOut) -> RecordedRow:
    if entry.prescribed_as:
        return RecordedRow(entry.text, State("ok", "prescribed here"), can_prescribe=False)
    known = "" if entry.drug_key else ", not one medicine of the formulary"
    label = f"not prescribed here{known}"
    return RecordedRow(entry.text, State("", label), can_prescribe=True)


def draft_row(draft: PrescriptionOut) -> DraftRow:
    names = [item.name for item in draft.items if item.status == "draft"]
    title = ", ".join(names) or "Nothing on it yet"
    return DraftRow(f"/prescriptions/{draft.id}", title, moment(draft.created_at))


def heard(one: ReconciliationOut) -> Heard:
    lines = tuple(HeardLine(line.text, said(line.decision, line.remark)) for line in one.lines)
    return Heard(one.made_by.name, moment(one.made_at), lines)


@dataclass(frozen=True, slots=True)
class LineToAsk:
    number: int
    item_id: UUID | None
    text: str
    recorded: str


@dataclass(frozen=True, slots=True)
class ReconciliationPage:
    banner: PatientBanner
    lines: tuple[LineToAsk, ...]
    decisions: tuple[Choice, ...]
    intro: str
    nobody_asked: bool
    earlier: tuple[Heard, ...]


def reconciliation_page(
    found: MedicationList, *, banner: PatientBanner, earlier: Sequence[ReconciliationOut]
) -> ReconciliationPage:
    """Every line that waits for an answer: what is prescribed, then what is only recorded."""
    places: list[tuple[UUID | None, str, str]] = [
        (item.id, f"{title_of(item)}: {item.sig_text}", "")
        for item in (*found.active, *found.on_hold)
    ]
    places += [
        (None, f"{entry.text} (recorded, not prescribed here)", entry.text)
        for entry in found.recorded or ()
        if entry.prescribed_as is None
    ]
    return ReconciliationPage(
        banner=banner,
        lines=tuple(LineToAsk(at, *place) for at, place in enumerate(places, start=1)),
        decisions=tuple(Choice(one.value, label) for one, label in DECISIONS.items()),
        intro=f"{counted(len(places), 'medicine')} to ask about.",
        nobody_asked=found.recorded is None,
        earlier=tuple(heard(one) for one in earlier),
    )
