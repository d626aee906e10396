"""The statements behind the day: which version counts, what it is made of, counting together."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from app.dashboards.day.sections import statement
from app.infra.prepared import Look, Prepared
from app.infra.uow import UnitOfWork


class Built(NamedTuple):
    """A day, and the state of things it was built from."""

    version: str
    until: datetime
    body: str


def pair(row: Sequence[Any]) -> tuple[UUID, str]:
    return row[0], row[1]


BUILD = Prepared(text(statement()), Built._make)
# So many parts take longer to plan than to answer; whose day it is makes no other plan better.
PLANNED_ONCE = Prepared(
    text("select set_config('plan_cache_mode', 'force_generic_plan', true)"), tuple
)
VERSIONS = Look(
    text("select who, day_version(who) from unnest(cast(:people as uuid[])) as who"), pair
)
# Rows that are being added meanwhile are not seen, so they are counted the next time.
SETTLE = Prepared(
    text("""
    with gone as (
        delete from day_changes where (topic, written_in, began_at) in (
            select topic, written_in, began_at from day_changes limit :most)
        returning topic, began_at
    ), settled as (
        insert into day_versions (topic, settled, latest_at)
        select topic, count(*), max(began_at) from gone group by topic order by topic
        on conflict (topic) do update set settled = day_versions.settled + excluded.settled,
            latest_at = greatest(day_versions.latest_at, excluded.latest_at)
    )
    select count(*) from gone
    """),
    lambda row: int(row[0]),
)


async def versions(uow: UnitOfWork, people: Collection[UUID]) -> dict[UUID, str]:
    """The version of each doctor's day that counts now."""
    return dict(await uow.line.ask(VERSIONS, {"people": list(people)}))


async def build(uow: UnitOfWork, day: date, day_from: datetime, day_until: datetime) -> Built:
    """The actor's day, of one state of things; in a transaction, which is planned for once."""
    asked = {
        "who": uow.actor.id,
        "now": uow.now,
        "day": day,
        "day_from": day_from,
        "day_until": day_until,
    }
    await uow.line.ask(PLANNED_ONCE, {})
    [built] = await uow.line.ask(BUILD, asked)
    return built


async def settle(uow: UnitOfWork, most: int) -> int:
    """Count changes together; returns how many there were. No version becomes another by it."""
    return (await uow.line.ask_one(SETTLE, {"most": most})) or 0
