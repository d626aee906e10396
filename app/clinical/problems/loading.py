"""Putting a release of ICD-10-CM into the database: all of it or nothing, and once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import text

from app import audit
from app.clinical.problems import repository
from app.clinical.problems.errors import OnlyDoctorsDiagnose
from app.clinical.problems.models import Icd10Code, Icd10Release
from app.clinical.problems.releases import COLUMNS, CodeRow, OnProgress, Release
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role

AT_ONCE = 10_000
ONE_LOAD_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended('icd10.load', 0))")
LEARN = text("analyze icd10_codes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What loading does or would do: nothing where this very release is the current one."""

    release: Icd10Release
    already_there: bool
    added: int
    gone: int
    renamed: int


async def is_loaded(uow: UnitOfWork) -> bool:
    return await repository.current_release(uow) is not None


async def load_release(
    uow: UnitOfWork, new: Release, *, on_progress: OnProgress = lambda _line: None
) -> Loaded:
    """Make it the current one; the old ones stay, for problems that name them."""
    require_the_house(uow)
    await uow.db.execute(ONE_LOAD_AT_A_TIME)
    told = await compared(uow, new)
    current = await repository.current_release(uow)
    if told.already_there:
        return told
    if current is not None:
        current.superseded_at = uow.now
        await uow.db.flush()
    known = await repository.release_by_fingerprint(uow, new.sha256)
    if known is not None:
        known.superseded_at = None
    else:
        uow.db.add(told.release)
        await uow.db.flush()
        await copy_codes(uow, told.release, new, on_progress)
    await audit.record(
        uow,
        "icd10.load",
        subject=("icd10_release", (known or told.release).id),
        detail={"codes": len(new.codes), "added": told.added, "gone": told.gone},
    )
    return told


async def compared(uow: UnitOfWork, new: Release) -> Loaded:
    """What loading it would change; changes nothing."""
    current = await repository.current_release(uow)
    before = await repository.names_of_codes(uow, current.id) if current else {}
    after = {row.code: row.description for row in new.codes}
    both = before.keys() & after.keys()
    same = current is not None and current.sha256 == new.sha256
    return Loaded(
        release=current if current is not None and same else row_of(uow, new),
        already_there=same,
        added=len(after.keys() - before.keys()),
        gone=len(before.keys() - after.keys()),
        renamed=sum(before[code] != after[code] for code in both),
    )


async def copy_codes(
    uow: UnitOfWork, release: Icd10Release, new: Release, on_progress: OnProgress
) -> None:
    for first in range(0, len(new.codes), AT_ONCE):
        some = new.codes[first : first + AT_ONCE]
        records = await asyncio.to_thread(records_of, some)
        await uow.line.begin()
        await uow.line.driver.copy_records_to_table(
            Icd10Code.__tablename__,
            records=[(release.id, *record) for record in records],
            columns=("release_id", *COLUMNS),
        )
        on_progress(f"Loading {release.name}: {first + len(some)} of {len(new.codes)}")
    await uow.db.execute(LEARN)


def records_of(rows: Sequence[CodeRow]) -> list[tuple[object, ...]]:
    return [row.record() for row in rows]


def row_of(uow: UnitOfWork, new: Release) -> Icd10Release:
    return Icd10Release(
        id=uuid4(),
        name=new.name,
        published_on=new.published_on,
        source=new.source,
        sha256=new.sha256,
        code_count=len(new.codes),
        loaded_by=uow.actor.id,
        loaded_at=uow.now,
        superseded_at=None,
    )


def require_the_house(uow: UnitOfWork) -> None:
    """From the command line only."""
    if not uow.actor.has_any(Role.SYSTEM):
        raise OnlyDoctorsDiagnose
