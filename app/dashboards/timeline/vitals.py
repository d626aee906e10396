"""The vital signs of signed notes, and what a note comes to in a few words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from app.clinical import notes
from app.clinical.notes import NoteBody, SectionKey
from app.infra.prepared import Look, Prepared
from app.infra.uow import UnitOfWork

# Of these sections the first that has any text says what a note is about.
TELLING = (
    SectionKey.DIAGNOSES,
    SectionKey.CLINICAL_IMPRESSION,
    SectionKey.CHIEF_COMPLAINT,
    SectionKey.HISTORY_OF_PRESENT_ILLNESS,
)
KEPT_OF_EACH = 8  # as many as a trend shows

FORGET = Prepared(
    text("delete from vital_signs where note_id = any(cast(:notes as uuid[]))"), tuple
)
KEEP = Prepared(
    text("""
    insert into vital_signs
        (note_id, position, patient_id, taken_at, code, label, value, unit)
    select said.note_id, said.position, n.patient_id, e.started_at, said.code, said.label,
        said.value, said.unit
    from unnest(cast(:notes as uuid[]), cast(:positions as int[]), cast(:codes as text[]),
        cast(:labels as text[]), cast(:figures as float8[]), cast(:units as text[]))
        as said (note_id, position, code, label, value, unit)
    join notes n on n.id = said.note_id join encounters e on e.id = n.encounter_id
    """),
    tuple,
)


class Measured(NamedTuple):
    """One vital sign: LOINC code, value, UCUM unit."""

    code: str
    label: str
    value: float
    unit: str
    taken_at: datetime
    note_id: UUID


# Of each sign the latest: found by its code, so that a long history costs no more than a short one.
LATEST = Look(
    text("""
    with recursive known (patient_id, code) as (
        (select v.patient_id, min(v.code) from vital_signs v
            where v.patient_id = any(cast(:records as uuid[])) group by v.patient_id)
        union all
        select known.patient_id, (select min(v.code) from vital_signs v
            where v.patient_id = known.patient_id and v.code > known.code)
        from known where known.code is not null
    )
    select v.code, v.label, v.value, v.unit, v.taken_at, v.note_id from known
    cross join lateral (
        select * from vital_signs v
        where v.patient_id = known.patient_id and v.code = known.code
        order by v.taken_at desc, v.note_id, v.position limit :most
    ) v
    where known.code is not null
    order by v.code, v.taken_at desc, v.note_id, v.position
    """),
    Measured._make,
)


async def follow_signed(uow: UnitOfWork, note_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Keep the vital signs of these notes as they count now; returns what each note is about."""
    bodies = await notes.signed_bodies(uow, note_ids)
    await uow.line.ask(FORGET, {"notes": list(note_ids)})
    found = [
        (note_id, position, vital)
        for note_id, body in bodies.items()
        for position, vital in enumerate(body.sections[SectionKey.VITALS].vitals, start=1)
    ]
    if found:
        said = {
            "notes": [note_id for note_id, _, _ in found],
            "positions": [position for _, position, _ in found],
            "codes": [vital.code for _, _, vital in found],
            "labels": [vital.label for _, _, vital in found],
            "figures": [vital.value for _, _, vital in found],
            "units": [vital.unit for _, _, vital in found],
        }
        await uow.line.ask(KEEP, said)
    return {note_id: gist for note_id, body in bodies.items() if (gist := gist_of(body))}


def gist_of(body: NoteBody) -> str | None:
    for key in TELLING:
        if said := " ".join(body.sections[key].text.split()):
            return said
    return None


async def latest_vitals(uow: UnitOfWork, records: Sequence[UUID]) -> list[Measured]:
    """The latest of each vital sign in these records, by code, newest first."""
    return await uow.line.ask(LATEST, {"records": list(records), "most": KEPT_OF_EACH})
