"""Keeping the timeline true: facts say where to look, and what is found there is written down.

No fact is believed. Each makes us look at its source as it is now, under a lock of the patient, so
that facts may come late, twice or in any order. Whoever reads hears what was not heard yet first.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from app.dashboards.timeline import repository
from app.dashboards.timeline.repository import Owed
from app.dashboards.timeline.schemas import EntryKind
from app.dashboards.timeline.sources import BY_KIND, SOURCES, Source, named_by
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor
from app.kernel.events import Fact
from app.patients import records_of

REBUILDER = Actor.system("timeline-rebuilder")
SOURCES_AT_ONCE = 500
PATIENTS_AT_ONCE = 100
NOBODY = UUID(int=0)
NAMING = ("patient_id", "from_patient_id")  # the trigger of the migration reads the same ones


async def hear(uow: UnitOfWork, fact: Fact) -> None:
    """One fact, brought by the worker."""
    payload = fact.event.model_dump(mode="json")
    await hear_all(uow, [Owed(fact.id, fact.event.name, payload)], held=set())


async def be_current(uow: UnitOfWork, counts: UUID) -> list[UUID]:
    """Bring the timeline of a person up to this moment; returns the ids of their records.

    Costs one look where the worker keeps up. Otherwise as much as there was to be heard about
    this person, and once for each record, when it was never built, its whole history.
    """
    records = await repository.standing(uow, counts)
    ids = [record.id for record in records]
    if all(record.is_built and not record.is_behind for record in records):
        return ids
    held = {*ids, *named_in(await repository.owed(uow, ids))}
    await repository.hold(uow, held)
    for record in await repository.standing(uow, counts):
        if not record.is_built:
            await build(uow, record.id)
    await hear_all(uow, await repository.owed(uow, ids), held=held)
    return ids


async def hear_all(uow: UnitOfWork, facts: Sequence[Owed], *, held: set[UUID]) -> None:
    """Look at everything these facts name, under a lock of everybody they name."""
    named = named_in(facts)
    if not named <= held:
        await repository.hold(uow, named)
    wanted: defaultdict[str, set[UUID]] = defaultdict(set)
    for fact in facts:
        for source, field in named_by(fact.name):
            if says(fact, field):
                wanted[source.kind].add(UUID(fact.payload[field]))
    for source in SOURCES:
        await look_at(uow, source, wanted[source.kind])
    await repository.heard(uow, [fact.fact_id for fact in facts])


def named_in(facts: Sequence[Owed]) -> set[UUID]:
    """The records these facts are about."""
    return {UUID(fact.payload[field]) for fact in facts for field in NAMING if says(fact, field)}


def says(fact: Owed, field: str) -> bool:
    return fact.payload.get(field) is not None


async def look_at(
    uow: UnitOfWork, source: Source, ids: Iterable[UUID], *, patient: UUID | None = None
) -> None:
    """Write down some sources as they are now; of this record alone where one is named."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), SOURCES_AT_ONCE):
        some = ordered[start : start + SOURCES_AT_ONCE]
        gists = await source.beside(uow, some) if source.beside else {}
        await repository.project(uow, source, some, gists, patient)


async def build(uow: UnitOfWork, record: UUID) -> None:
    """Make everything under one record from its sources, under a lock that is held already."""
    for source in SOURCES:
        mine = await repository.sources_of(uow, source, record)
        await look_at(uow, source, mine, patient=record)
        await repository.drop_others(uow, source, record)
    await repository.built(uow, record)


async def rebuild(
    works: Works,
    on_progress: Callable[[int, int], None] | None = None,
    *,
    patient_id: UUID | None = None,
) -> int:
    """Make timelines anew, of everybody or of one person; returns of how many records.

    May run while everybody works. Whoever was built since it began is left alone, so that one that
    was broken off goes on where it stopped when it is begun again the same way.
    """
    if patient_id is not None:
        async with works.begin(REBUILDER) as uow:
            records = list((await uow.db.scalars(records_of(patient_id))).all())
        for record in records:
            await build_alone(works, record)
        return len(records)
    began = works.clock.now()
    async with works.begin(REBUILDER) as uow:
        total = await repository.count_to_build(uow, began)
    done, last = 0, NOBODY
    while True:
        async with works.begin(REBUILDER) as uow:
            some = await repository.patients_after(
                uow, last, built_before=began, limit=PATIENTS_AT_ONCE
            )
        if not some:
            return done
        for record in some:
            await build_alone(works, record)
            done, last = done + 1, record
            if on_progress is not None:
                on_progress(done, max(total, done))


async def write_headers(uow: UnitOfWork, kind: EntryKind, ids: Sequence[UUID]) -> None:
    """Entries of many sources at once, for records written in bulk: without their documents."""
    await repository.project(uow, BY_KIND[kind], ids, {})


async def build_alone(works: Works, record: UUID) -> None:
    async with works.begin(REBUILDER) as uow:
        await repository.hold(uow, [record])
        await build(uow, record)
