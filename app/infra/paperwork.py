"""What a unit of work leaves behind beside its change: written together, just before the commit.

Traces, facts and jobs wait until the verb is done and then go to the database in one trip, in the
order in which they were said.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from pydantic_core import to_json
from sqlalchemy import text

from app.infra.jobs import NewJob, queuing
from app.infra.lines import Line
from app.infra.prepared import Prepared
from app.kernel.events import DomainEvent

DELIVER = "outbox.deliver"

APPEND = (
    "into_{table} as (insert into {table} ({columns})"
    " select {columns} from jsonb_populate_recordset(null::{table}, cast(:{table} as jsonb)))"
)
PUBLISH = (
    "said as (select * from jsonb_to_recordset(cast(:facts as jsonb)) as (place integer, id uuid,"
    " name text, payload jsonb, actor_id uuid, occurred_at timestamptz, listeners text[])),"
    " fact as (insert into outbox (id, name, payload, actor_id, occurred_at)"
    " select id, name, payload, actor_id, occurred_at from said order by place returning seq, id),"
    " waiting as (insert into outbox_deliveries (seq, subscriber)"
    " select seq, unnest(listeners) from fact join said using (id) returning seq, subscriber)"
)
ASKED = (
    "select name, payload, once from jsonb_to_recordset(cast(:jobs as jsonb))"
    " as (place integer, name text, payload text, once text) order by place"
)
# The job that carries one fact to one subscriber, for each that is waiting.
DELIVERIES = (
    "select :deliver as name, jsonb_build_object('seq', seq, 'subscriber', subscriber)::text"
    " as payload, :deliver || ':' || seq || ':' || subscriber as once from waiting order by seq"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place in the paperwork."""

    rows: Mapping[str, int]
    facts: int
    jobs: int


@dataclass(frozen=True, slots=True)
class Paperwork:
    """Rows for append-only tables, facts with their listeners, and jobs."""

    rows: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    facts: list[Mapping[str, Any]] = field(default_factory=list)
    jobs: list[NewJob] = field(default_factory=list)

    def append(self, table: str, row: Mapping[str, Any]) -> None:
        """A row of which nobody needs to know the key; all rows of a table name one set of columns.

        Values are what JSON can hold, ids, enums and moments.
        """
        self.rows.setdefault(table, []).append(row)

    def publish(
        self, event: DomainEvent, *, actor_id: UUID, occurred_at: datetime, listeners: list[str]
    ) -> None:
        """A fact, and a delivery for each listener."""
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
        told: dict[str, Any] = {table: in_json(rows) for table, rows in self.rows.items()}
        if self.facts:
            told["facts"] = in_json(self.facts)
        if self.jobs:
            told["jobs"] = in_json([in_words(place, job) for place, job in enumerate(self.jobs)])
        if told:
            tables = tuple((table, tuple(rows[0])) for table, rows in self.rows.items())
            awaited = any(fact["listeners"] for fact in self.facts)
            await line.ask(filing(tables, "facts" in told, "jobs" in told, awaited), told)


@cache  # one statement for each set of tables, and there are two or three
def filing(
    tables: tuple[tuple[str, tuple[str, ...]], ...], facts: bool, jobs: bool, awaited: bool
) -> Prepared[Any]:
    """Rows for these tables, and whether there are facts, jobs, and listeners to the facts."""
    parts = [APPEND.format(table=table, columns=", ".join(columns)) for table, columns in tables]
    if facts:
        parts.append(PUBLISH)
    if jobs or awaited:
        parts.append(queuing(*[ASKED] * jobs, *[DELIVERIES] * awaited))
    statement = text(f"with {', '.join(parts)} select")
    return Prepared(statement.bindparams(deliver=DELIVER) if awaited else statement, tuple)


def in_words(place: int, job: NewJob) -> Mapping[str, Any]:
    payload = json.dumps(job.payload)
    return {"place": place, "name": job.name, "payload": payload, "once": job.once}


def in_json(rows: list[Mapping[str, Any]]) -> str:
    return to_json(rows).decode()
