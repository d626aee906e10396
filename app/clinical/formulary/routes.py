"""The formulary over HTTP."""

from typing import Annotated

from fastapi import Path, Query

from app.clinical.formulary import queries
from app.clinical.formulary.policies import CLINICIANS
from app.clinical.formulary.rows import KEY
from app.clinical.formulary.schemas import DrugList, DrugOut, ReleaseList
from app.infra.http.access import allow
from app.infra.http.deps import Uow
from app.infra.http.routing import api_router
from app.kernel.actors import Role

router = api_router("/formulary", "formulary")

Words = Annotated[str, Query(min_length=1, max_length=100, description="Any word of a name.")]
Limit = Annotated[int, Query(ge=1, le=queries.MOST_FOUND)]
Key = Annotated[str, Path(pattern=KEY)]
CLINICIAN = [allow(*CLINICIANS)]


@router.get("", dependencies=CLINICIAN)
async def find_drugs(uow: Uow, q: Words, limit: Limit = 10) -> DrugList:
    """Drugs by the beginning of any word of a name, brand or synonym, best first.

    `release` is null where there is no formulary: then nothing can be checked.
    """
    found = await queries.find_drugs(uow, q, limit)
    return DrugList(items=found, release=await queries.release(uow))


@router.get("/releases", dependencies=[allow(*CLINICIANS, Role.ADMIN)])
async def list_formulary_releases(uow: Uow) -> ReleaseList:
    """The newest releases: what they hold, how old they are, and which one is current."""
    return ReleaseList(items=await queries.list_releases(uow))


@router.get("/{key}", dependencies=CLINICIAN)
async def get_drug(key: Key, uow: Uow) -> DrugOut:
    """One drug: names, classes, ingredients, doses, and what cannot be checked of it."""
    return await queries.get_drug(uow, key)
