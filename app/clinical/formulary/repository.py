"""Every statement that touches the formulary."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Text, cast, func, insert, literal, literal_column, select, text
from sqlalchemy.dialects.postgresql import JSONB

from app.clinical.formulary.models import PARTS, FormularyRelease
from app.clinical.formulary.rows import Contents
from app.infra.orm import Model
from app.infra.uow import UnitOfWork

ROWS = TypeAdapter(list[dict[str, Any]])
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
    """One statement for each table: thousands of rows in a fraction of a second."""
    for name, model in PARTS.items():
        table = model.__table__
        rows = [
            {"release_id": release_id, "seq": seq} | row.model_dump()
            for seq, row in enumerate(contents.part(name), start=1)
        ]
        columns = [column.name for column in table.columns]
        given = func.jsonb_populate_recordset(
            literal_column(f"null::{model.__tablename__}"),
            cast(literal(to_json(rows), Text), JSONB),
        ).table_valued(*columns)
        wanted = select(*(given.c[column] for column in columns))
        await uow.db.execute(insert(model).from_select(columns, wanted))


def to_json(rows: list[dict[str, Any]]) -> str:
    return ROWS.dump_json(rows).decode()


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
