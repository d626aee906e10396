"""The stores for one command: the site's own, a running stack's, or embedded ones for a while."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from app import assembly
from app.cli.console import console
from app.infra import migrate
from app.infra.embedded import EmbeddedStores, StoreUrls, attach
from app.infra.opening import open_works
from app.infra.uow import Works
from app.kernel.clock import SystemClock
from app.settings import Settings


@contextmanager
def stores_for(settings: Settings) -> Iterator[StoreUrls]:
    """Where the stores are; starts what is missing and stops it again afterwards."""
    if settings.database_url and settings.mongo_url:
        yield StoreUrls(settings.database_url, settings.mongo_url, settings.redis_url)
        return
    running = attach(settings.data_dir)
    if running is not None:
        yield running
        return
    embedded = embedded_stores(settings)
    with console.status("Starting the embedded stores…"):
        urls = embedded.start(on_progress=lambda _line: None)
    try:
        yield urls
    finally:
        embedded.stop()


def embedded_stores(settings: Settings) -> EmbeddedStores:
    return EmbeddedStores(
        settings.data_dir,
        database_url=settings.database_url,
        mongo_url=settings.mongo_url,
        redis_url=settings.redis_url,
    )


@asynccontextmanager
async def opened(urls: StoreUrls) -> AsyncIterator[Works]:
    async with open_works(
        urls,
        subscriptions=assembly.subscriptions(),
        clock=SystemClock(),
        documents=assembly.DOCUMENTS,
    ) as works:
        yield works


async def migrate_up(urls: StoreUrls) -> int:
    """Apply what is pending; returns how many."""
    with console.status("Migrating…") as status:
        steps = await migrate.up(
            urls.database_url,
            urls.mongo_url,
            on_step=lambda step: status.update(f"Migrating: {step.migration.name}"),
        )
    return len(steps)
