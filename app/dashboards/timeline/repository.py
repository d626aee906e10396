"""Every statement that keeps the timeline: put into words once, sent straight to the driver."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from app.dashboards.timeline.sources import COLUMNS, SHAPE, SOURCES, Source
from app.infra.prepared import Look, Prepared
from app.infra.uow import UnitOfWork

MOST_TITLE, MOST_WORDS = 200, 300


def prepared(words: str, row: Callable[[Sequence[Any]], Any] = tuple) -> Prepared[Any]:
    return Prepared(text(words), row)


def look(words: str, row: Callable[[Sequence[Any]], Any] = tuple) -> Look[Any]:
    return Look(text(words), row)


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


STANDING = look(
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
OWED = look(
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
PATIENTS_AFTER = look(
    """
    select p.id from patients p left join timeline_patients built on built.patient_id = p.id
    where p.id > :after and (built.built_at is null or built.built_at < :before)
    order by p.id limit :most
    """,
    lambda row: row[0],
)
TO_BUILD = look(
    """
    select count(*) from patients p left join timeline_patients built on built.patient_id = p.id
    where built.built_at is null or built.built_at < :before
    """,
    lambda row: row[0],
)
NEWS = look(
    """
    select e.id from timeline_entries e
    where e.patient_id = any(cast(:records as uuid[])) and e.stored_at >= :since
    and e.kind = any(cast(:kinds as text[])) and (e.only_for is null or e.only_for = :reader)
    order by e.stored_at desc limit :most
    """,
    lambda row: row[0],
)


# A plan made once is made for a few sources: with thousands it would compare each with each.
PLANNED_ANEW = prepared("select set_config('plan_cache_mode', 'force_custom_plan', true)")
A_FEW = 100


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
OF_PATIENT = {source.kind: look(source.of_patient, lambda row: row[0]) for source in SOURCES}


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
    if len(ids) > A_FEW:
        await uow.line.ask(PLANNED_ANEW, {})
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
