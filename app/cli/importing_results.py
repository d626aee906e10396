"""`dra results`: results that laboratories send as files."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress
from rich.table import Table

from app import assembly
from app.cli.console import console
from app.cli.stores import stores_for
from app.clinical import results
from app.infra.embedded import StoreUrls
from app.infra.opening import open_works
from app.kernel.clock import SystemClock
from app.settings import Settings

group = typer.Typer(help="Results that laboratories send as files.", no_args_is_help=True)
MOST_SHOWN = 200


@group.callback()
def of_laboratories() -> None:
    """Keep `import` a command of its own while it is the only one."""


@group.command("import")
def import_file(
    path: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    dry_run: Annotated[
        bool, typer.Option(help="Say what would happen, and store nothing.")
    ] = False,
) -> None:
    """Take in a file of results: HL7 v2 ORU^R01, or CSV as docs/results-files.md describes it."""
    settings = Settings()
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("The file is not UTF-8: convert it first.") from None
    reports = results.read_file(text, settings.zone)
    with stores_for(settings) as urls:
        found = asyncio.run(take_in(settings, urls, reports, dry_run=dry_run))
    would = "would be " if dry_run else ""
    console.print(
        f"{found.taken} {would}taken in, {found.again} there already, "
        f"{len(found.rejected)} rejected."
    )
    if found.rejected:
        table = Table("line", "why")
        for each in found.rejected[:MOST_SHOWN]:
            table.add_row(str(each.line), each.why)
        console.print(table)
        raise typer.Exit(1)


async def take_in(
    settings: Settings,
    urls: StoreUrls,
    reports: list[results.FileReport | results.Unreadable],
    *,
    dry_run: bool,
) -> results.Imported:
    async with open_works(
        urls,
        subscriptions=assembly.subscriptions(settings.scheduling_rules),
        clock=SystemClock(),
        documents=assembly.DOCUMENTS,
        zone=settings.zone,
    ) as works:
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("Taking in…", total=len(reports))
            return await results.import_reports(
                works,
                reports,
                dry_run=dry_run,
                on_progress=lambda done, _total: progress.update(task, completed=done),
            )
