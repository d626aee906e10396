"""Reading the history of a patient."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from app import audit, patients
from app.clinical import notes
from app.dashboards.timeline import repository, vitals
from app.dashboards.timeline.projection import be_current
from app.dashboards.timeline.schemas import EntryKind
from app.dashboards.timeline.sources import AT_DESK
from app.dashboards.timeline.vitals import Measured
from app.dashboards.timeline.walking import EDGES, PAGES, Row
from app.infra.uow import UnitOfWork
from app.kernel.paging import Cursor

FIRST = datetime(1, 1, 2, tzinfo=UTC)
LAST = datetime(9999, 12, 31, tzinfo=UTC)
LEAST_ID, MOST_ID = UUID(int=0), UUID(int=2**128 - 1)
EVERY_KIND = frozenset(EntryKind)
MOST_WORDS = 8
MOST_NEWS = 100
OVERLAP = timedelta(seconds=60)  # a change takes no longer from its moment to its commit


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineQuery:
    """Which entries are asked for: `before` not included; `words` must all be in an entry.

    `cursor`: what is older than that place; `after`: what is newer, the nearest ones.
    """

    kinds: Collection[EntryKind] = ()
    since: datetime | None = None
    before: datetime | None = None
    words: str = ""
    cursor: Cursor | None = None
    after: Cursor | None = None
    limit: int = 25


class Timeline(NamedTuple):
    """A page of entries, newest first; `records`: the ids under which they may stand."""

    rows: list[Row]
    next_cursor: str | None
    newer_cursor: str | None
    records: list[UUID]


NEWEST = TimelineQuery()


async def read_timeline(
    uow: UnitOfWork, patient_id: UUID, query: TimelineQuery = NEWEST
) -> Timeline:
    """The history of a patient as it is at this moment; raises `PatientNotFound`.

    Those who see no clinical content get appointments and visits without what they were about; a
    draft is its author's alone.
    """
    patient = await patients.get_patient(uow, patient_id)
    records = await be_current(uow, patient.id)
    page = await page_of(uow, records, query)
    await audit.record(
        uow,
        "timeline.read",
        patient_id=patient.id,
        subject=("patient", patient.id),
        detail={"entries": len(page.rows), "kinds": sorted(query.kinds)},
    )
    return page


async def page_of(uow: UnitOfWork, records: list[UUID], query: TimelineQuery) -> Timeline:
    clinical = patients.sees_clinical_fields(uow.actor)
    kinds = kinds_for(uow, query.kinds)
    words = query.words.lower().split()[:MOST_WORDS]
    up = query.after is not None
    begin = query.after or query.cursor or Cursor(LAST, MOST_ID)
    said = {
        "records": records,
        "kinds": sorted(kinds),
        "at": begin.at,
        "id": begin.id,
        "since": query.since or FIRST,
        "before": query.before or LAST,
        "reader": uow.actor.id,
        "words": words,
        "query": notes.prefix_query(query.words),
        "limit": query.limit + 1,
    }
    some = kinds != EVERY_KIND
    found = await uow.line.ask(PAGES[clinical, some, up, bool(words)], said)
    more = len(found) > query.limit
    rows = found[: query.limit]
    edge = place(rows[-1]) if more else None
    if words and not more:
        looked = await uow.line.ask(EDGES[some, up], said)
        edge = Cursor(*looked[0]) if looked else None
    if up:
        newest, oldest = edge, place(rows[0]) if rows else query.after
        return Timeline(rows[::-1], encoded(oldest), encoded(newest), records)
    moved = query.cursor is not None or query.before is not None
    newest = place(rows[0]) if rows and moved else None
    return Timeline(rows, encoded(edge), encoded(newest), records)


def place(row: Row) -> Cursor:
    return Cursor(row.at, row.id)


def encoded(cursor: Cursor | None) -> str | None:
    return cursor.encode() if cursor else None


def kinds_for(uow: UnitOfWork, asked: Collection[EntryKind]) -> frozenset[EntryKind]:
    """Those of the kinds asked for (none: all) that the actor may see."""
    seen = EVERY_KIND if patients.sees_clinical_fields(uow.actor) else AT_DESK
    return seen & frozenset(asked) if asked else seen


async def news_since(uow: UnitOfWork, records: list[UUID], since: datetime) -> list[UUID]:
    """Entries first written since shortly before then, for a page that shows some of them.

    A page asks with the moment it was made and leaves out what it knew then. Audits nothing: ids
    of a list that was read already say nothing new about anybody.
    """
    kinds = kinds_for(uow, ())
    return await repository.news(uow, records, kinds, since - OVERLAP, limit=MOST_NEWS)


async def look_for_news(uow: UnitOfWork, patient_id: UUID, since: datetime) -> list[UUID]:
    """The same for a page that asks again; raises `PatientNotFound`, also once it is restricted."""
    patient = await patients.get_patient(uow, patient_id)
    return await news_since(uow, await be_current(uow, patient.id), since)


async def vitals_of(uow: UnitOfWork, records: list[UUID]) -> list[Measured]:
    """The latest vital signs of signed notes, by code, newest first; for clinicians only.

    Audits nothing: whoever shows them read the record.
    """
    if not patients.sees_clinical_fields(uow.actor):
        return []
    return await vitals.latest_vitals(uow, records)
