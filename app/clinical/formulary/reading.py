"""The current release in memory: read once by each process, for what is in it never changes."""

from uuid import UUID

from app.clinical.formulary import repository
from app.clinical.formulary.models import FormularyRelease
from app.clinical.formulary.tables import Tables
from app.infra.uow import UnitOfWork

KEPT = 2
_read: dict[UUID, Tables] = {}


async def current_tables(uow: UnitOfWork) -> Tables | None:
    """None where there is no current release."""
    release = await repository.current(uow)
    if release is None:
        return None
    if release.id not in _read:
        tables = await read_tables(uow, release)
        while len(_read) >= KEPT:
            _read.pop(next(iter(_read)))
        _read[release.id] = tables
    return _read[release.id]


async def read_tables(uow: UnitOfWork, release: FormularyRelease) -> Tables:
    return Tables(
        await repository.contents_of(uow, release.id),
        name=release.name,
        version=release.version,
        effective_on=release.effective_on,
        shelf_life_days=release.shelf_life_days,
    )
