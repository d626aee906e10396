"""Every statement that touches the timeline: put into words once, sent straight to the driver."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from app.dashboards.timeline.sources import COLUMNS, SHAPE, SOURCES, Source
from app.infra.prepared import Prepared
from app.infra.uow import UnitOfWork

# How many entries are looked through for words at a time: a page costs the same, found or not.
LOOKED_THROUGH = 2000
MOST_TITLE, MOST_WORDS = 200, 300


def prepared(words: str, row: Callable[[Sequence[Any]], Any] = tuple) -> Prepared[Any]:
    return Prepared(text(words), row)


class Standing(NamedTuple):
    """A record of a person, and whether its timeline is what it should be."""

    id: UUID
    is_built: bool
    is_behind: bool


class Owed(NamedTuple):
    """A fact that was not heard."""

    fact_id: UUID
    name: str
    payload: Mapping[str, Any]

    @classmethod
    def of_row(cls, row: Sequence[Any]) -> "Owed":
        return cls(row[0], row[1], json.loads(row[2]))


class Row(NamedTuple):
    """An entry as it is stored."""

    id: UUID
    kind: str
    source_id: UUID
    part: str
    at: datetime
    encounter_id: UUID | None
    title: str
    detail: str | None
    clinical: str | None
    status: str
    flag: str | None


STANDING = prepared(
    """
    with record (id) as (
        select id from patients where id = :counts
        union all select id from patients where merged_into = :counts
    )
    select record.id, coalesce(built.shape = :shape, false),
        exists (select from timeline_arrears owed where owed.patient_id = record.id)
    from record left join timeline_patients built on built.patient_id = record.id
    """,
    Standing._make,
)
OWED = prepared(
    """
    select fact.id, fact.name, fact.payload::text from timeline_arrears owed
    join outbox fact on fact.id = owed.fact_id
    where owed.patient_id = any(cast(:patients as uuid[])) order by fact.seq
    """,
    Owed.of_row,
)
HEARD = prepared("delete from timeline_arrears where fact_id = any(cast(:facts as uuid[]))")
# One after the other, always in the same order: nobody waits for somebody who waits for them.
HOLD = prepared(
    """
    select pg_advisory_xact_lock(held.key) from (
        select hashtextextended('timeline:' || patient.id, 0) as key
        from unnest(cast(:patients as uuid[])) as patient (id) order by 1
    ) held
    """
)
BUILT = prepared(
    """
    insert into timeline_patients (patient_id, shape, built_at)
    values (:patient, cast(:shape as bigint), cast(:now as timestamptz))
    on conflict (patient_id) do update set shape = excluded.shape, built_at = excluded.built_at
    """
)
DROP_UNKNOWN = prepared(
    "delete from timeline_entries where patient_id = :patient"
    " and kind <> all(cast(:kinds as text[]))"
)
PATIENTS_AFTER = prepared(
    """
    select p.id from patients p left join timeline_patients built on built.patient_id = p.id
    where p.id > :after and (built.built_at is null or built.built_at < :before)
    order by p.id limit :most
    """,
    lambda row: row[0],
)
TO_BUILD = prepared(
    """
    select count(*) from patients p left join timeline_patients built on built.patient_id = p.id
    where built.built_at is null or built.built_at < :before
    """,
    lambda row: row[0],
)
NEWS = prepared(
    """
    select e.id from timeline_entries e
    where e.patient_id = any(cast(:records as uuid[])) and e.stored_at >= :since
    and e.kind = any(cast(:kinds as text[])) and (e.only_for is null or e.only_for = :reader)
    order by e.stored_at desc limit :most
    """,
    lambda row: row[0],
)


def projecting(source: Source) -> Prepared[Any]:
    """Write the entries of some sources as they are now; those that are no more, go.

    With `patient` only what stands under that record is touched.
    """
    columns = ", ".join(COLUMNS)
    cut = {"title": MOST_TITLE, "detail": MOST_WORDS, "clinical": MOST_WORDS}
    ids = dict.fromkeys(("encounter_id", "only_for"), "cast({0} as uuid)")  # also of a mere null
    forms = ids | {name: f"left({{0}}, {most})" for name, most in cut.items()}
    told = ", ".join(forms.get(c, "{0}").format(c) for c in COLUMNS)
    kept = ", ".join(f"kept.{c}" for c in COLUMNS)
    new = ", ".join(f"excluded.{c}" for c in COLUMNS)
    mine = "(cast(:patient as uuid) is null or {0}.patient_id = cast(:patient as uuid))"
    return prepared(f"""
        with asked (id, gist) as (
            select * from unnest(cast(:ids as uuid[]), cast(:gists as text[]))
        ),
        found ({columns}) as materialized ({source.rows}),
        gone as (
            delete from timeline_entries e using asked
            where e.kind = '{source.kind}' and e.source_id = asked.id and {mine.format("e")}
            and not exists (
                select from found where found.source_id = e.source_id and found.part = e.part
            )
        )
        insert into timeline_entries as kept (id, kind, stored_at, {columns})
        select md5('{source.kind}/' || source_id || '/' || part)::uuid, '{source.kind}',
            cast(:now as timestamptz), {told}
        from found where {mine.format("found")}
        on conflict (kind, source_id, part) do update set ({columns}) = ({new})
        where ({kept}) is distinct from ({new})
        """)  # noqa: S608 - of our own words only


def dropping(source: Source) -> Prepared[Any]:
    """What stands under a record and is no source's of it any more."""
    return prepared(f"""
        delete from timeline_entries e where e.patient_id = :patient and e.kind = '{source.kind}'
        and not exists (select from ({source.of_patient}) as mine where mine.id = e.source_id)
        """)  # noqa: S608 - of our own words only


PROJECT = {source.kind: projecting(source) for source in SOURCES}
DROP = {source.kind: dropping(source) for source in SOURCES}
OF_PATIENT = {source.kind: prepared(source.of_patient, lambda row: row[0]) for source in SOURCES}

# The entries beyond a place, one record and one kind at a time: each is read in the order of an
# index and no further than the page goes, however long the history is.
BEYOND = """
    from unnest(cast(:records as uuid[])) as record (id) {kinds}
    cross join lateral (
        select * from timeline_entries one
        where one.patient_id = record.id {of_kind} and (one.at, one.id) {beyond} (:at, :id)
        and one.at >= :since and one.at < :before
        and (one.only_for is null or one.only_for = :reader)
        order by one.at {order}, one.id {order} limit {most}
    ) e
    order by e.at {order}, e.id {order} limit {most}
"""
ENTRY = "e.id, e.kind, e.source_id, e.part, e.at, e.encounter_id, e.title, e.detail"
REST = "e.status, e.flag"
# Each word is part of the entry's own, or all of them begin words of the note.
SAYS = """
    not exists (select from unnest(cast(:words as text[])) as word (said)
        where strpos(lower(concat_ws(' ', e.title, e.detail, {clinical})), word.said) = 0)
"""
NOTE_SAYS = """
    or (e.kind = 'note' and e.only_for is null and exists (select from note_search s
        where s.note_id = e.source_id and s.terms @@ cast(:query as tsquery)))
"""


def paging(*, clinical: bool, kinds: bool, up: bool, words: bool) -> Prepared[Row]:
    beyond = BEYOND.format(
        kinds="cross join unnest(cast(:kinds as text[])) as wanted (kind)" if kinds else "",
        of_kind="and one.kind = wanted.kind" if kinds else "",
        beyond=">" if up else "<",
        order="asc" if up else "desc",
        most=str(LOOKED_THROUGH) if words else ":limit",
    )
    said = "e.clinical" if clinical else "cast(null as text)"
    if not words:
        return Prepared(text(f"select {ENTRY}, {said}, {REST} {beyond}"), Row._make)
    order = "asc" if up else "desc"
    says = SAYS.format(clinical=said) + (NOTE_SAYS if clinical else "")
    return Prepared(
        text(f"""
        select {ENTRY}, {said}, {REST} from (select e.* {beyond}) e where {says}
        order by e.at {order}, e.id {order} limit :limit
        """),  # noqa: S608 - of our own words only
        Row._make,
    )


def edging(*, kinds: bool, up: bool) -> Prepared[tuple[datetime, UUID]]:
    """Where looking for words stopped; nothing where everything was looked through."""
    beyond = BEYOND.format(
        kinds="cross join unnest(cast(:kinds as text[])) as wanted (kind)" if kinds else "",
        of_kind="and one.kind = wanted.kind" if kinds else "",
        beyond=">" if up else "<",
        order="asc" if up else "desc",
        most=str(LOOKED_THROUGH),
    )
    skipped = LOOKED_THROUGH - 1
    return prepared(f"select e.at, e.id {beyond} offset {skipped}")


FLAGS = (False, True)
PAGES = {
    (clinical, kinds, up, words): paging(clinical=clinical, kinds=kinds, up=up, words=words)
    for clinical in FLAGS
    for kinds in FLAGS
    for up in FLAGS
    for words in FLAGS
}
EDGES = {(kinds, up): edging(kinds=kinds, up=up) for kinds in FLAGS for up in FLAGS}


async def standing(uow: UnitOfWork, counts: UUID) -> list[Standing]:
    """The records of the person whose record that counts this is."""
    return await uow.line.ask(STANDING, {"counts": counts, "shape": SHAPE})


async def owed(uow: UnitOfWork, patients: Collection[UUID]) -> list[Owed]:
    return await uow.line.ask(OWED, {"patients": list(patients)})


async def heard(uow: UnitOfWork, facts: Collection[UUID]) -> None:
    await uow.line.ask(HEARD, {"facts": list(facts)})


async def hold(uow: UnitOfWork, patients: Collection[UUID]) -> None:
    """Until this unit of work ends nobody else writes the timelines of these records."""
    await uow.line.ask(HOLD, {"patients": list(patients)})


async def project(
    uow: UnitOfWork,
    source: Source,
    ids: Sequence[UUID],
    gists: Mapping[UUID, str],
    patient: UUID | None = None,
) -> None:
    asked = {"ids": list(ids), "gists": [gists.get(id_) for id_ in ids]}
    await uow.line.ask(PROJECT[source.kind], {**asked, "patient": patient, "now": uow.now})


async def sources_of(uow: UnitOfWork, source: Source, patient: UUID) -> list[UUID]:
    return await uow.line.ask(OF_PATIENT[source.kind], {"patient": patient})


async def drop_others(uow: UnitOfWork, source: Source, patient: UUID) -> None:
    await uow.line.ask(DROP[source.kind], {"patient": patient})


async def built(uow: UnitOfWork, patient: UUID) -> None:
    kinds = [source.kind.value for source in SOURCES]
    await uow.line.ask(DROP_UNKNOWN, {"patient": patient, "kinds": kinds})
    await uow.line.ask(BUILT, {"patient": patient, "shape": SHAPE, "now": uow.now})


async def patients_after(
    uow: UnitOfWork, after: UUID, *, built_before: datetime, limit: int
) -> list[UUID]:
    """Records whose timeline was not built since, in the order of their ids."""
    said = {"after": after, "before": built_before, "most": limit}
    return await uow.line.ask(PATIENTS_AFTER, said)


async def count_to_build(uow: UnitOfWork, built_before: datetime) -> int:
    return (await uow.line.ask(TO_BUILD, {"before": built_before}))[0]  # type: ignore[no-any-return]


async def news(
    uow: UnitOfWork,
    records: Collection[UUID],
    kinds: Collection[str],
    since: datetime,
    *,
    limit: int,
) -> list[UUID]:
    """Entries that were first written since then, the latest first."""
    said = {"records": list(records), "kinds": list(kinds), "since": since}
    return await uow.line.ask(NEWS, {**said, "reader": uow.actor.id, "most": limit})
