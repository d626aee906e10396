"""Two records side by side, what stays of them, and taking a merge back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.clinical.encounters import Encounter
from app.patients import Patient, PatientMerge
from app.web.presenters.formats import age, counted, day, full_name, moment
from app.web.presenters.patient_record import MergedRecord, Merges, UndoableMerge
from app.web.presenters.patients import (
    ABSENT,
    PatientBanner,
    PatientRow,
    banner,
    clinical_lists,
    contact_line,
    rows,
)


@dataclass(frozen=True, slots=True)
class MergeSearch:
    """`likely`: who may be the same person, before anything was asked."""

    banner: PatientBanner
    q: str
    likely: tuple[PatientRow, ...]
    rows: tuple[PatientRow, ...]
    next_href: str | None


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One thing said in both records; `dropped`: only the record that goes says it."""

    label: str
    staying: tuple[str, ...]
    going: tuple[str, ...]
    after: tuple[str, ...]
    differs: bool
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """`doubts`: what speaks against these being one person."""

    banner: PatientBanner
    staying: PatientRow
    going: PatientRow
    staying_version: int
    going_version: int
    lines: tuple[ComparedLine, ...]
    doubts: tuple[str, ...]
    clinical: bool
    can_edit: bool


@dataclass(frozen=True, slots=True)
class Visits:
    """What can be told of a record's visits without opening it."""

    shown: Sequence[Encounter]
    more: bool


def search_page(
    patient: Patient,
    today: date,
    *,
    clinical: bool,
    q: str,
    likely: Sequence[Patient],
    found: Sequence[Patient],
    next_href: str | None,
) -> MergeSearch:
    """Everybody but the patient themselves."""
    others = [one for one in found if one.id != patient.id]
    return MergeSearch(
        banner=banner(patient, today, clinical=clinical),
        q=q.strip(),
        likely=rows([one for one in likely if one.id != patient.id], today),
        rows=rows(others, today),
        next_href=next_href,
    )


def comparison(
    staying: Patient,
    going: Patient,
    today: date,
    *,
    clinical: bool,
    can_edit: bool,
    visits: Mapping[UUID, Visits],
) -> Comparison:
    (one,), (other,) = rows([staying], today), rows([going], today)
    lists = clinical_lines(staying, going) if clinical else ()
    return Comparison(
        banner=banner(staying, today, clinical=clinical),
        staying=one,
        going=other,
        staying_version=staying.version,
        going_version=going.version,
        lines=(
            number_line(staying, going),
            *(fact_line(label, *values) for label, values in facts(staying, going, today)),
            *lists,
            visits_line(visits[staying.id], visits[going.id]),
        ),
        doubts=doubts(staying, going),
        clinical=clinical,
        can_edit=can_edit,
    )


def number_line(staying: Patient, going: Patient) -> ComparedLine:
    after = (staying.mrn, f"found under {going.mrn} as well")
    return ComparedLine("Record number", (staying.mrn,), (going.mrn,), after, differs=False)


def facts(
    staying: Patient, going: Patient, today: date
) -> list[tuple[str, tuple[tuple[str, ...], tuple[str, ...]]]]:
    """Who somebody is, as each record says it; an empty tuple where it says nothing."""

    def both(of: Patient) -> dict[str, tuple[str, ...]]:
        return {
            "Name": (full_name(of.given_name, of.family_name),),
            "Born": (f"{day(of.birth_date)} ({age(of.birth_date, today)})",),
            "Sex": (of.sex,),
            "Phone": (of.phone,) if of.phone else (),
            "E-mail": (of.email,) if of.email else (),
            "Address": tuple((of.address or "").splitlines()),
            "In an emergency": tuple(contact_line(each) for each in of.emergency_contacts),
        }

    one, other = both(staying), both(going)
    return [(label, (one[label], other[label])) for label in one]


def fact_line(label: str, staying: tuple[str, ...], going: tuple[str, ...]) -> ComparedLine:
    return ComparedLine(
        label,
        staying or (ABSENT,),
        going or (ABSENT,),
        staying or (ABSENT,),
        differs=bool(going) and staying != going,
        dropped=bool(going) and not staying,
    )


def clinical_lines(staying: Patient, going: Patient) -> tuple[ComparedLine, ...]:
    """The lists of both, united."""
    lines = []
    for one, other in zip(clinical_lists(staying), clinical_lists(going), strict=True):
        both = (*one.entries, *new_entries(one.entries, other.entries))
        asked = next((each for each in (one.absence, other.absence) if each != ABSENT), ABSENT)
        lines.append(
            ComparedLine(
                one.title,
                one.entries or (one.absence,),
                other.entries or (other.absence,),
                both or (asked,),
                differs=one.entries != other.entries,
            )
        )
    return tuple(lines)


def new_entries(known: Sequence[str], others: Sequence[str]) -> list[str]:
    there = {entry.casefold() for entry in known}
    return [entry for entry in others if entry.casefold() not in there]


def visits_line(staying: Visits, going: Visits) -> ComparedLine:
    number = len(staying.shown) + len(going.shown)
    more = " or more" if staying.more or going.more else ""
    after = f"{counted(number, 'visit')}{more}" if number else "None"
    return ComparedLine(
        "Visits", (visits_text(staying),), (visits_text(going),), (after,), differs=False
    )


def visits_text(visits: Visits) -> str:
    if not visits.shown:
        return "None"
    more = " or more" if visits.more else ""
    latest = day(visits.shown[0].started_at.date())
    return f"{counted(len(visits.shown), 'visit')}{more}, the latest on {latest}"


def doubts(staying: Patient, going: Patient) -> tuple[str, ...]:
    found = []
    if staying.birth_date != going.birth_date:
        found.append("They were born on different days.")
    if staying.sex != going.sex and "unknown" not in {staying.sex, going.sex}:
        found.append("They are not of the same sex.")
    if not names_of(staying) & names_of(going):
        found.append("They share no name.")
    return tuple(found)


def names_of(patient: Patient) -> set[str]:
    return {word.casefold() for word in (*words(patient.given_name), *words(patient.family_name))}


def words(name: str) -> list[str]:
    return name.replace("-", " ").split()


def merges(
    found: Sequence[PatientMerge],
    survivor: Patient,
    absorbed: Sequence[Patient],
    names: Mapping[UUID, str],
    now: datetime,
) -> Merges:
    """The latest first; only merges into this very record can be taken back from its page."""
    records = {
        one.id: MergedRecord(
            one.mrn, full_name(one.given_name, one.family_name), day(one.birth_date)
        )
        for one in absorbed
    }
    return Merges(
        records=tuple(records.values()),
        undoable=tuple(
            UndoableMerge(
                id=merge.id,
                mrn=records[merge.absorbed_id].mrn,
                name=records[merge.absorbed_id].name,
                by=names[merge.merged_by],
                at=moment(merge.merged_at),
                until=moment(merge.reversible_until),
            )
            for merge in found
            if merge.survivor_id == survivor.id and merge.is_reversible(now)
        ),
    )
