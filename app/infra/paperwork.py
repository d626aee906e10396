"""What a unit of work leaves behind beside its change: written together, just before the commit.

Traces, facts and jobs wait until the verb is done and then go to the database in one trip, in the
order in which they were said. A deed that is the last thing of its unit of work takes them along:
one trip for everything, and nothing of it where the deed is not done.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, TypeVar
from uuid import UUID, uuid4

from pydantic_core import to_json
from sqlalchemy import text

from app.infra.jobs import NewJob, queuing
from app.infra.lines import Line
from app.infra.prepared import Deed, Prepared
from app.kernel.events import DomainEvent

R = TypeVar("R")

DELIVER = "outbox.deliver"
IF_DONE = " where exists (select from done)"

APPEND = (
    "insert into {table} ({columns})"
    " select {columns} from jsonb_populate_recordset(null::{table}, cast(:{table} as jsonb)){done}"
)
PUBLISH = {
    "said": "select * from jsonb_to_recordset(cast(:facts as jsonb)) as (place integer, id uuid,"
    " name text, payload jsonb, actor_id uuid, occurred_at timestamptz, listeners text[]){done}",
    "fact": "insert into outbox (id, name, payload, actor_id, occurred_at)"
    " select id, name, payload, actor_id, occurred_at from said order by place returning seq, id",
    "waiting": "insert into outbox_deliveries (seq, subscriber)"
    " select seq, unnest(listeners) from fact join said using (id) returning seq, subscriber",
}
ASKED = (
    "select name, payload, once from jsonb_to_recordset(cast(:jobs as jsonb))"
    " as (place integer, name text, payload text, once text){done} order by place"
)
# The job that carries one fact to one subscriber, for each that is waiting.
DELIVERIES = (
    f"select '{DELIVER}' as name, jsonb_build_object('seq', seq, 'subscriber', subscriber)::text"  # noqa: S608 - of our own words only
    f" as payload, '{DELIVER}' || ':' || seq || ':' || subscriber as once from waiting order by seq"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place in the paperwork."""

    rows: Mapping[str, int]
    facts: int
    jobs: int


@dataclass(slots=True)
class Paperwork:
    """Rows for append-only tables, facts with their listeners, and jobs.

    Once it was filed with a deed nothing can be added: it might no longer be the same transaction.
    """

    rows: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    facts: list[Mapping[str, Any]] = field(default_factory=list)
    jobs: list[NewJob] = field(default_factory=list)
    is_closed: bool = False

    def append(self, table: str, row: Mapping[str, Any]) -> None:
        """A row of which nobody needs to know the key; all rows of a table name one set of columns.

        Values are what JSON can hold, ids, enums and moments.
        """
        self._require_open()
        self.rows.setdefault(table, []).append(row)

    def publish(
        self, event: DomainEvent, *, actor_id: UUID, occurred_at: datetime, listeners: list[str]
    ) -> None:
        """A fact, and a delivery for each listener."""
        self._require_open()
        self.facts.append(
            {
                "place": len(self.facts),
                "id": uuid4(),
                "name": event.name,
                "payload": event,
                "actor_id": actor_id,
                "occurred_at": occurred_at,
                "listeners": listeners,
            }
        )

    def enqueue(self, job: NewJob) -> None:
        self._require_open()
        self.jobs.append(job)

    def _require_open(self) -> None:
        if self.is_closed:
            raise RuntimeError("this unit of work has said that it was done")

    def mark(self) -> "Mark":
        """How much there is now, for `tear_up`."""
        rows = {table: len(rows) for table, rows in self.rows.items()}
        return Mark(rows=rows, facts=len(self.facts), jobs=len(self.jobs))

    def tear_up(self, since: "Mark") -> None:
        """Forget what was said after that: it was part of an attempt that is rolled back."""
        for table in [*self.rows]:
            del self.rows[table][since.rows.get(table, 0) :]
            if not self.rows[table]:
                del self.rows[table]
        del self.facts[since.facts :]
        del self.jobs[since.jobs :]

    async def file(self, line: Line) -> None:
        """Write everything, in the transaction of this line."""
        if told := self._told():
            await line.ask_at_last(filing(self._shape()), told)

    async def file_with(self, line: Line, deed: Deed[R], asked: Mapping[str, Any]) -> list[R]:
        """Do this and write everything, in one statement; where it is not done, nothing of it.

        What was not written stays here to be filed or torn up.
        """
        together = filing_with(deed, self._shape())
        if done := await line.ask_at_last(together, {**asked, **self._told()}):
            self.rows, self.facts, self.jobs, self.is_closed = {}, [], [], True
        return done

    def _told(self) -> dict[str, Any]:
        told: dict[str, Any] = {table: in_json(rows) for table, rows in self.rows.items()}
        if self.facts:
            told["facts"] = in_json(self.facts)
        if self.jobs:
            told["jobs"] = in_json([in_words(place, job) for place, job in enumerate(self.jobs)])
        return told

    def _shape(self) -> "Shape":
        return Shape(
            tables=tuple((table, tuple(rows[0])) for table, rows in self.rows.items()),
            facts=bool(self.facts),
            jobs=bool(self.jobs),
            awaited=any(fact["listeners"] for fact in self.facts),
        )


class Shape(NamedTuple):
    """What kinds of paperwork there are: tables with columns, facts, jobs, facts with listeners."""

    tables: tuple[tuple[str, tuple[str, ...]], ...]
    facts: bool
    jobs: bool
    awaited: bool


@cache  # one statement for each set of tables, and there are two or three
def filing(shape: Shape) -> Prepared[Any]:
    return Prepared(text(f"with {in_a_row(parts_of(shape))} select"), tuple)


@cache  # and few deeds are the last thing of anything
def filing_with(deed: Deed[R], shape: Shape) -> Deed[R]:
    """The same, of what is only said where this is done."""
    parts = parts_of(shape, only=IF_DONE)
    return deed.followed_by(*(text(words).columns().cte(name) for name, words in parts.items()))


def parts_of(shape: Shape, *, only: str = "") -> dict[str, str]:
    """The parts of a statement by name, each after those it asks."""
    parts = {
        f"into_{table}": APPEND.format(table=table, columns=", ".join(columns), done=only)
        for table, columns in shape.tables
    }
    if shape.facts:
        parts |= {name: words.format(done=only) for name, words in PUBLISH.items()}
    sources = [ASKED.format(done=only)] * shape.jobs + [DELIVERIES] * shape.awaited
    return parts | queuing(*sources) if sources else parts


def in_a_row(parts: Mapping[str, str]) -> str:
    return ", ".join(f"{name} as ({words})" for name, words in parts.items())


def in_words(place: int, job: NewJob) -> Mapping[str, Any]:
    payload = json.dumps(job.payload)
    return {"place": place, "name": job.name, "payload": payload, "once": job.once}


def in_json(rows: list[Mapping[str, Any]]) -> str:
    return to_json(rows).decode()
