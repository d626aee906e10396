"""`dra rebuild`: copies for reading, made anew from what they are copies of."""

import asyncio
from collections.abc import Callable
from typing import Annotated
from uuid import UUID

import typer
from rich.progress import Progress

from app import assembly
from app.cli.console import console
from app.cli.stores import stores_for
from app.dashboards import timeline
from app.infra.embedded import StoreUrls
from app.infra.opening import open_works
from app.kernel.clock import SystemClock
from app.scheduling import appointments
from app.settings import Settings

group = typer.Typer(help="Make copies for reading anew.", no_args_is_help=True)


@group.command("appointment-days")
def appointment_days() -> None:
    """Count every doctor's days again; needed after the clinic's time zone was changed."""
    settings = Settings()
    with stores_for(settings) as urls, console.status("Counting…"):
        days = asyncio.run(rebuild_days(settings, urls))
    console.print(f"{days} days counted.")


@group.command("timeline")
def timelines(
    patient: Annotated[
        UUID | None, typer.Option(help="One person's only; left out: everybody's.")
    ] = None,
) -> None:
    """Make the histories of patients anew, with their vital signs; everybody may go on working."""
    settings = Settings()
    with stores_for(settings) as urls, Progress(console=console) as progress:
        bar = progress.add_task("Timelines", total=None)

        def show(done: int, total: int) -> None:
            progress.update(bar, completed=done, total=total)

        records = asyncio.run(rebuild_timelines(settings, urls, show, patient))
    console.print(f"{records} records rebuilt.")


async def rebuild_timelines(
    settings: Settings,
    urls: StoreUrls,
    on_progress: Callable[[int, int], None],
    patient: UUID | None,
) -> int:
    async with open_works(
        urls,
        subscriptions=assembly.subscriptions(settings.scheduling_rules),
        clock=SystemClock(),
        documents=assembly.DOCUMENTS,
        zone=settings.zone,
    ) as works:
        return await timeline.rebuild(works, on_progress, patient_id=patient)


async def rebuild_days(settings: Settings, urls: StoreUrls) -> int:
    async with open_works(
        urls,
        subscriptions=assembly.subscriptions(settings.scheduling_rules),
        clock=SystemClock(),
        documents=assembly.DOCUMENTS,
        zone=settings.zone,
    ) as works:
        return await appointments.rebuild_days(works)
