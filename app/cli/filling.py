"""`dra seed`: an invented clinic without a dictation, as small or as large as wanted."""

import asyncio
from dataclasses import replace
from typing import Annotated

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from app.cli.console import console
from app.cli.seeding import seed
from app.cli.seeding_volume import seed_volume, write_histories
from app.cli.stores import migrate_up, opened, stores_for
from app.infra.embedded import StoreUrls
from app.infra.uow import Works
from app.settings import Settings

Scale = Annotated[
    float,
    typer.Option(
        min=0,
        max=10,
        help="How much besides the demo clinic; 1 is 100,000 patients and a million appointments.",
    ),
]


def fill(*, scale: Scale = 0) -> None:
    """Put the demo clinic into an installation, and a volume to measure at beside it."""
    settings = Settings()
    if settings.environment == "production":
        raise ValueError(
            "invented patients are not for real clinics: not with DRA_ENVIRONMENT=production"
        )
    with stores_for(settings) as urls:
        added = asyncio.run(filled(settings, urls, scale))
    for what, rows in added.items():
        console.print(f"{rows:>12,} {what}")


async def filled(settings: Settings, urls: StoreUrls, scale: float) -> dict[str, int]:
    await migrate_up(urls)
    async with opened(urls) as works:
        await seed(replace(works, zone=settings.zone))
        return await at_scale(works, urls, scale) if scale else {}


async def at_scale(works: Works, urls: StoreUrls, scale: float) -> dict[str, int]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        bars: dict[str, TaskID] = {}

        def show(what: str, done: int, wanted: int) -> None:
            if what not in bars:
                bars[what] = progress.add_task(what, total=wanted)
            progress.update(bars[what], completed=done)

        added = await seed_volume(urls.database_url, scale, show)
        await write_histories(works, scale, show)
    return added
