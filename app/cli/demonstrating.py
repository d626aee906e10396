"""`dra demo`: an invented clinic, one real dictation, one signed note."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from app.cli.console import console
from app.cli.demo_clinic import PASSWORD, STAFF
from app.cli.demo_dictation import DemoRun
from app.cli.seeding import seed
from app.cli.serving import address, bound, children, start_stores
from app.cli.stores import opened
from app.infra.embedded import StoreUrls
from app.infra.supervisor import Supervisor
from app.settings import Settings

Once = Annotated[bool, typer.Option("--once", help="Stop after the signed note.")]
Port = Annotated[int | None, typer.Option(help="Port to listen on.")]


def demo(*, once: Once = False, port: Port = None) -> None:
    """Set up a demo clinic, dictate, sign, and serve the site."""
    settings = Settings()
    if settings.environment == "production":
        raise ValueError(
            "the demo's passwords are known to everybody: not with DRA_ENVIRONMENT=production"
        )
    line = bound(settings.host, port or settings.port)
    stores, urls = start_stores(settings)
    try:
        asyncio.run(fill(urls, settings.zone))
    except BaseException:
        stores.stop()
        raise
    supervisor = Supervisor(children(settings, urls, line), stores=stores)
    supervisor.start()
    try:
        play(address(settings, port=port), lambda: supervisor.failure)
        if once:
            return
        introduce(address(settings, port=port))
        status = supervisor.wait()
    finally:
        supervisor.stop()
    raise typer.Exit(status)


async def fill(urls: StoreUrls, zone: ZoneInfo) -> None:
    with console.status("Preparing the demo clinic…"):
        async with opened(urls) as works:
            await seed(replace(works, zone=zone))


def play(site: str, failure: Callable[[], str | None]) -> None:
    """Through the real HTTP API and the real worker, as a doctor's browser would."""
    with DemoRun(site, failure) as run:
        run.wait_until_ready()
        run.sign_in()
        patient = run.find_patient()
        if run.show_signed_note(patient):
            return
        recording = run.dictate(patient)
        note = run.await_draft(recording)
        run.show_and_sign(note)


def introduce(site: str) -> None:
    console.print()
    console.print(f"The site is at [bold]{site}[/]. Sign in as any of these, Ctrl-C ends:")
    table = Table("user", "password", "who")
    for username, (role, full_name, _) in STAFF.items():
        table.add_row(username, PASSWORD, f"{full_name}, {role.value}")
    console.print(table)
    console.print(
        "The demo speech model knows a small vocabulary and synthetic voices: a real voice will "
        "not be understood. Upload a file from tests/fixtures/dictations/ to see it work."
    )
