"""`dra rebuild`: copies for reading, made anew from what they are copies of."""

import asyncio

import typer

from app import assembly
from app.cli.console import console
from app.cli.stores import stores_for
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


async def rebuild_days(settings: Settings, urls: StoreUrls) -> int:
    async with open_works(
        urls,
        subscriptions=assembly.subscriptions(settings.scheduling_rules),
        clock=SystemClock(),
        documents=assembly.DOCUMENTS,
        zone=settings.zone,
    ) as works:
        return await appointments.rebuild_days(works)
