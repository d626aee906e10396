"""Every statement that touches the formulary."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text

from app.clinical.formulary.models import PARTS, FormularyRelease
from app.clinical.formulary.rows import Contents
from app.infra.orm import Model
from app.infra.uow import UnitOfWork

AT_ONCE = 1000
# Written out, so that the planner knows the partial index by it whatever was prepared before.
IS_CURRENT = text("formulary_releases.status = 'current'")
ONE_IMPORT = text("select pg_advisory_xact_lock(hashtext('formulary.import'))")


async def wait_for_other_imports(uow: UnitOfWork) -> None:
    """Held until the transaction ends: two releases never follow the same one."""
    await uow.db.execute(ONE_IMPORT)


async def current(uow: UnitOfWork, *, lock: bool = False) -> FormularyRelease | None:
    statement = select(FormularyRelease).where(IS_CURRENT)
    if lock:
        statement = statement.with_for_update()
    return (await uow.db.execute(statement)).scalar_one_or_none()


async def by_version(uow: UnitOfWork, name: str, version: str) -> FormularyRelease | None:
    statement = select(FormularyRelease).where(
        FormularyRelease.name == name, FormularyRelease.version == version
    )
    return (await uow.db.execute(statement)).scalar_one_or_none()


async def newest(uow: UnitOfWork, limit: int) -> Sequence[FormularyRelease]:
    newest_first = (FormularyRelease.imported_at.desc(), FormularyRelease.id)
    return (
        await uow.db.scalars(select(FormularyRelease).order_by(*newest_first).limit(limit))
    ).all()


async def store(uow: UnitOfWork, release_id: UUID, contents: Contents) -> None:
    for name, model in PARTS.items():
        rows = [
            {"release_id": release_id} | as_columns(row.model_dump(mode="python"))
            for row in contents.part(name)
        ]
        if name == "renal_rules":
            rows = [row | {"seq": seq} for seq, row in enumerate(rows, start=1)]
        for start in range(0, len(rows), AT_ONCE):
            await uow.db.execute(insert(model), rows[start : start + AT_ONCE])


def as_columns(row: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in row.items()}


async def contents_of(uow: UnitOfWork, release_id: UUID) -> Contents:
    found = {
        name: await part_of(uow, release_id, model, tuple(Contents.PARTS[name].model_fields))
        for name, model in PARTS.items()
    }
    return Contents(
        **{
            name: tuple(Contents.PARTS[name].model_validate(row) for row in rows)
            for name, rows in found.items()
        }  # type: ignore[arg-type]
    )


async def part_of(
    uow: UnitOfWork, release_id: UUID, model: type[Model], columns: tuple[str, ...]
) -> list[dict[str, Any]]:
    table = model.__table__
    statement = (
        select(*(table.c[name] for name in columns))
        .where(table.c.release_id == release_id)
        .order_by(*table.primary_key)
    )
    return [dict(row) for row in (await uow.db.execute(statement)).mappings()]
