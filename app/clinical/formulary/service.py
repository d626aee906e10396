"""Bringing in a release of the formulary: all of it or nothing."""

from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from app import audit
from app.clinical.formulary import repository
from app.clinical.formulary.csv_files import (
    Head,
    Progress,
    no_progress,
    read_folder,
    read_head,
)
from app.clinical.formulary.errors import ReleaseExists
from app.clinical.formulary.inspecting import inspect
from app.clinical.formulary.lifecycle import ReleaseStatus
from app.clinical.formulary.models import FormularyRelease, FormularyReleaseMove
from app.clinical.formulary.policies import require_importer
from app.clinical.formulary.reading import current_tables
from app.clinical.formulary.rows import Contents
from app.clinical.formulary.rxnorm import read_rxnorm, rxnorm_folder
from app.infra.uow import UnitOfWork

STARTER = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Imported:
    """What an import made; `before` counts the release that it follows."""

    release: FormularyRelease
    before: dict[str, int]


async def load_starter(uow: UnitOfWork) -> FormularyRelease | None:
    """Bring in the release that ships with the program, unless it or a site's own is there.

    Returns None where there was nothing to do.
    """
    require_importer(uow)
    await repository.wait_for_other_imports(uow)
    head = read_head(STARTER)
    current = await repository.current(uow)
    if current is not None and current.name != head.name:
        return None
    if await repository.by_version(uow, head.name, head.version) is not None:
        return None
    _, contents = read_folder(STARTER)
    return (await import_release(uow, head, contents, replace=True)).release


async def read_release(
    uow: UnitOfWork,
    path: Path,
    *,
    version: str | None = None,
    on_progress: Progress = no_progress,
) -> tuple[Head, Contents]:
    """A folder of CSV files with their `release.toml`, or an unpacked release of RxNorm.

    Raises `FormularyUnreadable`.
    """
    require_importer(uow)
    rrf = rxnorm_folder(path)
    if rrf is None:
        return read_folder(path, on_progress)
    current = await current_tables(uow)
    said = version or uow.today.isoformat()
    return read_rxnorm(rrf, current, version=said, today=uow.today, on_progress=on_progress)


async def import_release(
    uow: UnitOfWork, head: Head, contents: Contents, *, replace: bool = False
) -> Imported:
    """Make a release the current one; the one before is superseded and stays as it was.

    Unless it is to `replace` it, rows of the current release stay where the new one says nothing
    else. Raises `FormularyUnreadable`, `ReleaseExists`.
    """
    require_importer(uow)
    await repository.wait_for_other_imports(uow)
    if await repository.by_version(uow, head.name, head.version) is not None:
        raise ReleaseExists
    current = await repository.current(uow, lock=True)
    before: dict[str, int] = dict(current.counts) if current is not None else {}
    if current is not None and (head.adds_only or not replace):
        contents = (await repository.contents_of(uow, current.id)).overlaid(contents)
    inspect(contents)
    release = FormularyRelease(
        id=uuid4(),
        name=head.name,
        version=head.version,
        status=ReleaseStatus.IMPORTED,
        effective_on=head.effective_on,
        shelf_life_days=head.shelf_life_days,
        source=head.source,
        reviewed_by=head.reviewed_by,
        counts=contents.counts,
        imported_by=uow.actor.id,
        imported_at=uow.now,
        status_at=uow.now,
    )
    uow.db.add(release)
    await uow.db.flush()
    await repository.store(uow, release.id, contents)
    moves = [arrival(uow, release)]
    if current is not None:
        moves.append(current.move_to(ReleaseStatus.SUPERSEDED, by=uow.actor.id, at=uow.now))
        await uow.db.flush()  # before the next is current: there is only ever one
    moves.append(release.move_to(ReleaseStatus.CURRENT, by=uow.actor.id, at=uow.now))
    uow.db.add_all(moves)
    await uow.db.flush()
    await audit.record(
        uow, "formulary.import", subject=("formulary_release", release.id), detail=release.counts
    )
    return Imported(release, before)


def arrival(uow: UnitOfWork, release: FormularyRelease) -> FormularyReleaseMove:
    return FormularyReleaseMove(
        release_id=release.id,
        from_status=None,
        to_status=ReleaseStatus.IMPORTED,
        moved_by=uow.actor.id,
        moved_at=uow.now,
    )
