"""`dra migrate`: the schema, up and down."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from app.cli.console import console
from app.cli.stores import stores_for
from app.infra import migrate
from app.infra.embedded import StoreUrls
from app.infra.migrate import Step
from app.kernel.clock import SystemClock
from app.settings import Settings

group = typer.Typer(help="Change the schema of both stores, one line of versions.")

DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen, change nothing.")]


def run(work: Callable[[StoreUrls], Awaitable[list[Step]]], *, dry_run: bool) -> None:
    with stores_for(Settings()) as urls:
        steps = asyncio.run(_awaited(work(urls)))
    if not steps:
        console.print("Nothing to do.")
    elif dry_run:
        console.print(f"{len(steps)} would run; nothing was changed.")
    else:
        console.print(f"{len(steps)} done.")


async def _awaited(work: Awaitable[list[Step]]) -> list[Step]:
    return await work


def show(step: Step) -> None:
    late = " (out of order: newer ones were applied before)" if step.out_of_order else ""
    migration = step.migration
    console.print(f"  {step.direction.value:>4} {migration.version} {migration.name}{late}")


@group.command()
def up(
    version: Annotated[str | None, typer.Argument(help="Stop after this version.")] = None,
    *,
    dry_run: DryRun = False,
) -> None:
    """Apply everything pending."""
    run(
        lambda urls: migrate.up(
            urls.database_url, urls.mongo_url, to=version, dry_run=dry_run, on_step=show
        ),
        dry_run=dry_run,
    )


@group.command()
def down(
    steps: Annotated[int, typer.Argument(min=1, help="How many to take back.")] = 1,
    *,
    batch: Annotated[
        bool, typer.Option("--batch", help="Take back everything the last `up` applied.")
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Take back the newest migrations."""
    run(
        lambda urls: migrate.down(
            urls.database_url,
            urls.mongo_url,
            steps=steps,
            whole_batch=batch,
            dry_run=dry_run,
            on_step=show,
        ),
        dry_run=dry_run,
    )


@group.command()
def status() -> None:
    """Show every migration and whether it is applied."""
    with stores_for(Settings()) as urls:
        rows = asyncio.run(migrate.status(urls.database_url))
    table = Table("version", "name", "store", "state", "batch", "applied")
    for row in rows:
        applied = row.applied_at.strftime("%d-%b-%Y %H:%M") if row.applied_at else ""
        batch = str(row.batch or "")
        table.add_row(row.version, row.name, row.store, row.state.value, batch, applied)
    console.print(table)


@group.command()
def create(
    name: Annotated[str, typer.Argument(help="lower_case_words")],
    *,
    mongo: Annotated[bool, typer.Option("--mongo", help="For Mongo instead of Postgres.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Write the files of a new migration."""
    now: datetime = SystemClock().now().astimezone(UTC)
    for path in migrate.create(name, now=now, mongo=mongo, dry_run=dry_run):
        console.print(str(path))


@group.command()
def reset(*, dry_run: DryRun = False) -> None:
    """Take back everything (development only)."""
    environment = Settings().environment
    run(
        lambda urls: migrate.reset(
            urls.database_url,
            urls.mongo_url,
            environment=environment,
            dry_run=dry_run,
            on_step=show,
        ),
        dry_run=dry_run,
    )


@group.command()
def refresh(*, dry_run: DryRun = False) -> None:
    """Take back everything and apply it again (development only)."""
    environment = Settings().environment
    run(
        lambda urls: migrate.refresh(
            urls.database_url,
            urls.mongo_url,
            environment=environment,
            dry_run=dry_run,
            on_step=show,
        ),
        dry_run=dry_run,
    )
