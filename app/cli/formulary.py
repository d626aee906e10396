"""`dra formulary`: what is known of medicines, brought in as releases."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from app.cli.console import console, errors
from app.cli.stores import opened, stores_for
from app.clinical import formulary
from app.infra.embedded import StoreUrls
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.settings import Settings

group = typer.Typer(help="What is known of medicines.", no_args_is_help=True)

IMPORTER = Actor.system("formulary-import")
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen, change nothing.")]
Replace = Annotated[
    bool, typer.Option("--replace", help="Keep nothing of the current release (not for RxNorm).")
]
Version = Annotated[
    str | None, typer.Option("--version", help="Of RxNorm: the version of its release.")
]
Where = Annotated[
    Path, typer.Argument(exists=True, file_okay=False, help="A folder of CSV files, or RxNorm.")
]


class NothingKept(Exception):
    """Ends the unit of work of a dry run."""


@group.command("load-starter")
def load_starter() -> None:
    """Bring in the release that ships with the program, unless it or your own is there."""
    with stores_for(Settings()) as urls:
        loaded = asyncio.run(brought_in(urls))
    console.print("The starter formulary is in use." if loaded else "Nothing to do.")


async def brought_in(urls: StoreUrls) -> bool:
    async with opened(urls) as works:
        return await load_into(works)


async def load_into(works: Works) -> bool:
    """Whether there was anything to bring in."""
    async with works.begin(IMPORTER) as uow:
        return await formulary.load_starter(uow) is not None


@group.command("import")
def bring_in(
    path: Where,
    *,
    dry_run: DryRun = False,
    replace: Replace = False,
    version: Version = None,
) -> None:
    """Bring in a release: all of it or nothing. The current one is superseded."""
    with stores_for(Settings()) as urls:
        try:
            imported = asyncio.run(import_from(urls, path, dry_run, replace, version))
        except formulary.FormularyUnreadable as refused:
            for each in refused.errors:
                errors.print(f"  {escape(':'.join(each['at']))}  {escape(each['why'])}")
            raise
    show(imported)
    console.print("Nothing was changed." if dry_run else "It is the current release now.")


async def import_from(
    urls: StoreUrls, path: Path, dry_run: bool, replace: bool, version: str | None
) -> formulary.Imported:
    columns = (TextColumn("{task.description:<22}"), BarColumn(), MofNCompleteColumn())
    async with opened(urls) as works:
        with Progress(*columns, console=console, transient=True) as progress:
            bars = {}

            def on_progress(file: str, lines: int) -> None:
                if file not in bars:
                    bars[file] = progress.add_task(file, total=None)
                progress.update(bars[file], completed=lines)

            kept: list[formulary.Imported] = []
            try:
                async with works.begin(IMPORTER) as uow:
                    head, contents = await formulary.read_release(
                        uow, path, version=version, on_progress=on_progress
                    )
                    progress.add_task("writing", total=None)
                    kept.append(
                        await formulary.import_release(uow, head, contents, replace=replace)
                    )
                    if dry_run:
                        raise NothingKept
            except NothingKept:
                pass
    return kept[0]


def show(imported: formulary.Imported) -> None:
    release = imported.release
    console.print(f"[bold]{escape(release.name)} {escape(release.version)}[/]")
    table = Table("what", "before", "now")
    for name, count in release.counts.items():
        table.add_row(name.replace("_", " "), str(imported.before.get(name, 0)), str(count))
    console.print(table)
