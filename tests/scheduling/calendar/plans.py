"""How Postgres would run what is sent: which of the large tables it would read from end to end."""

import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor
from tests.fixtures.statements import heard

LARGE = {
    "appointments",
    "appointment_moves",
    "appointment_days",
    "reminders",
    "waiting_list_entries",
    "waiting_list_offers",
    "outbox_deliveries",
}
PLANNED = ("select", "with", "insert", "update", "delete")
Work = Callable[[UnitOfWork], Awaitable[object]]


class LookedEnough(Exception):
    """What was done to see its statements is rolled back."""


async def large_tables_scanned(works: Works, actor: Actor, work: Work) -> set[str]:
    """The large tables that some statement of this work reads from end to end."""
    async with heard(works) as sent:
        try:
            async with works.begin(actor) as uow:
                await work(uow)
                await uow.db.flush()
                raise LookedEnough
        except LookedEnough:
            pass
    planned = [each for each in sent if each.sql.lstrip().lower().startswith(PLANNED)]
    assert planned
    scanned: set[str] = set()
    async with works.sessions() as db:
        connection = await db.connection()
        for statement, parameters, _ in planned:
            explained = f"explain (format json) {statement}"
            plan = (await connection.exec_driver_sql(explained, parameters)).scalar_one()
            scanned |= {node["Relation Name"] for node in scans(of_json(plan)[0]["Plan"])}
    return scanned & LARGE


def of_json(plan: Any) -> Any:
    return json.loads(plan) if isinstance(plan, str) else plan


def scans(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every step that reads a whole table."""
    if node["Node Type"] == "Seq Scan":
        yield node
    for child in node.get("Plans", ()):
        yield from scans(child)
