"""`dra icd10`: the codes of diagnoses, from the packaged release or from a file of CMS."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import console
from app.cli.stores import opened, stores_for
from app.clinical import problems
from app.infra.embedded import StoreUrls
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.settings import Settings

group = typer.Typer(help="Codes of diagnoses (ICD-10-CM).", no_args_is_help=True)
LOADER = Actor.system("icd10-loader")

From = Annotated[
    Path | None,
    typer.Argument(help="icd10cm_order_*.txt of CMS; without it the packaged release."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change, change nothing.")]
IfNone = Annotated[bool, typer.Option("--if-none", help="Only where no release is loaded.")]


@group.command()
def load(path: From = None, *, dry_run: DryRun = False, if_none: IfNone = False) -> None:
    """Load a release: all of it or nothing. Codes are searched in it from then on."""
    with stores_for(Settings()) as urls:
        asyncio.run(load_into(urls, path, dry_run=dry_run, if_none=if_none))


async def load_into(
    urls: StoreUrls, path: Path | None, *, dry_run: bool = False, if_none: bool = False
) -> None:
    with console.status("Looking…") as status:
        async with opened(urls) as works:
            if if_none and await has_release(works):
                return
            release = read(path, status.update)
            async with works.begin(LOADER) as uow:
                if dry_run:
                    told = await problems.compared(uow, release)
                else:
                    told = await problems.load_release(uow, release, on_progress=status.update)
    console.print(said(release, told, dry_run=dry_run))


async def codes_are_loaded(urls: StoreUrls) -> bool:
    async with opened(urls) as works:
        return await has_release(works)


async def has_release(works: Works) -> bool:
    async with works.begin(LOADER) as uow:
        return await problems.is_loaded(uow)


def read(path: Path | None, on_progress: problems.OnProgress) -> problems.Release:
    if path is None:
        return problems.packaged_release(on_progress)
    return problems.order_file(path, on_progress)


def said(release: problems.Release, told: problems.Loaded, *, dry_run: bool) -> str:
    if told.already_there:
        return f"{release.name} is the current release already; nothing to do."
    verb = "would be loaded; nothing was changed" if dry_run else "loaded"
    change = f"{told.added} new, {told.gone} gone, {told.renamed} renamed"
    return f"{release.name}: {len(release.codes)} codes {verb} ({change})."
