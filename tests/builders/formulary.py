"""The formulary that ships, in memory and in the database."""

from functools import cache

from app.clinical import formulary
from app.infra.uow import Works
from app.kernel.actors import Actor

IMPORTER = Actor.system("formulary-import")


@cache
def starter_tables() -> formulary.Tables:
    head, contents = formulary.read_folder(formulary.STARTER)
    return formulary.Tables(
        contents,
        name=head.name,
        version=head.version,
        effective_on=head.effective_on,
        shelf_life_days=head.shelf_life_days,
    )


async def the_starter(works: Works) -> formulary.FormularyRelease:
    """The release that ships, in the database of this test."""
    async with works.begin(IMPORTER) as uow:
        loaded = await formulary.load_starter(uow)
    assert loaded is not None
    return loaded
