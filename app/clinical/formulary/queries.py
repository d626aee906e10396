"""Looking up drugs, and checking what is to be given."""

from collections.abc import Sequence

from app.clinical.formulary import repository
from app.clinical.formulary.checking import check_medicine
from app.clinical.formulary.describing import describe, found_as
from app.clinical.formulary.errors import DrugNotFound
from app.clinical.formulary.models import FormularyRelease
from app.clinical.formulary.policies import require_reader
from app.clinical.formulary.reading import current_tables
from app.clinical.formulary.schemas import (
    DrugFound,
    DrugOut,
    Finding,
    Medicine,
    PatientFacts,
    ReleaseOut,
)
from app.infra.uow import UnitOfWork

MOST_FOUND = 50
RELEASES_SHOWN = 20


async def find_drugs(uow: UnitOfWork, words: str, limit: int = 10) -> list[DrugFound]:
    """Drugs by the beginning of any word of any of their names, best first."""
    require_reader(uow)
    tables = await current_tables(uow)
    if tables is None:
        return []
    return [
        found_as(tables, drug, name) for drug, name in tables.find(words, min(limit, MOST_FOUND))
    ]


async def get_drug(uow: UnitOfWork, key: str) -> DrugOut:
    """Raises `DrugNotFound`."""
    require_reader(uow)
    tables = await current_tables(uow)
    if tables is None or key not in tables.drugs:
        raise DrugNotFound
    return describe(tables, tables.drugs[key])


async def recognise(uow: UnitOfWork, names: Sequence[str]) -> dict[str, str | None]:
    """The key of the drug each text means, None where that is not certain."""
    require_reader(uow)
    tables = await current_tables(uow)
    return {name: tables.recognise(name) if tables else None for name in names}


async def named_in(uow: UnitOfWork, lines: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The drugs that each line of a list names; none where what it means is not certain."""
    require_reader(uow)
    tables = await current_tables(uow)
    return {line: tables.named_in(line) if tables else () for line in lines}


async def check(uow: UnitOfWork, medicine: Medicine, facts: PatientFacts) -> list[Finding]:
    """Every kind of check of one medicine, at least one finding for each.

    `facts.medicines` are the others: leave out the medicine itself where it is renewed. Whoever
    asks for a patient writes the audit trail.
    """
    _, [found] = await check_together(uow, [(medicine, facts)])
    return found


async def check_together(
    uow: UnitOfWork, asked: Sequence[tuple[Medicine, PatientFacts]]
) -> tuple[str | None, list[list[Finding]]]:
    """The same for several by one release, and what that is called; None: there is none."""
    require_reader(uow)
    tables = await current_tables(uow)
    found = [check_medicine(tables, medicine, facts, uow.today) for medicine, facts in asked]
    return tables.title if tables else None, found


async def release(uow: UnitOfWork) -> ReleaseOut | None:
    """The current release; None where there is none, and nothing can be checked."""
    require_reader(uow)
    found = await repository.current(uow)
    return None if found is None else release_out(uow, found)


async def list_releases(uow: UnitOfWork) -> list[ReleaseOut]:
    """The newest ones, first the last brought in."""
    require_reader(uow)
    return [release_out(uow, one) for one in await repository.newest(uow, RELEASES_SHOWN)]


def release_out(uow: UnitOfWork, one: FormularyRelease) -> ReleaseOut:
    return ReleaseOut(
        name=one.name,
        version=one.version,
        status=one.status,
        effective_on=one.effective_on,
        shelf_life_days=one.shelf_life_days,
        good_until=one.good_until,
        is_outdated=uow.today > one.good_until,
        source=one.source,
        reviewed_by=one.reviewed_by,
        imported_at=one.imported_at,
        counts={name: int(count) for name, count in one.counts.items()},
    )
