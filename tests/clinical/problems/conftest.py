"""A module's own database with most of the packaged release, loaded once."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace

import pytest

from app import assembly
from app.clinical.problems.loading import load_release
from app.clinical.problems.releases import Release, packaged_release
from app.infra.embedded import StoreUrls
from app.infra.opening import open_works
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.problems import LOADER
from tests.conftest import FrozenClock
from tests.fixtures.stores import Databases, LoopInThread

INJURIES, EXTERNAL_CAUSES = 19, 20
KEPT = ("S06", "S52", "S72", "S93", "T14", "T78")


def without_most_injuries(release: Release) -> Release:
    """Half of all codes are injuries, side by side: loading them would take longest."""
    kept = tuple(
        row
        for row in release.codes
        if row.chapter not in (INJURIES, EXTERNAL_CAUSES) or row.code.startswith(KEPT)
    )
    return replace(release, codes=kept)


@pytest.fixture(scope="module")
def coded_urls(
    databases: Databases,
    migrated_template: str,
    prepared_mongo: Callable[[], str],
    store_urls: StoreUrls,
    aside: LoopInThread,
) -> Iterator[StoreUrls]:
    with databases.copied(migrated_template) as url:
        urls = StoreUrls(url, prepared_mongo(), store_urls.redis_url)

        async def load() -> None:
            async with (
                open_works(
                    urls,
                    subscriptions=assembly.subscriptions(),
                    clock=FrozenClock(),
                    documents=assembly.DOCUMENTS,
                ) as works,
                works.begin(LOADER) as uow,
            ):
                await load_release(uow, without_most_injuries(packaged_release()))

        aside.run(load())
        yield urls


@pytest.fixture
async def coded(coded_urls: StoreUrls, clock: FrozenClock) -> AsyncIterator[Works]:
    """Units of work where the whole packaged release is loaded; for looking only."""
    async with open_works(
        coded_urls,
        subscriptions=assembly.subscriptions(),
        clock=clock,
        documents=assembly.DOCUMENTS,
    ) as opened:
        yield opened


@pytest.fixture
def reader() -> Actor:
    return Actor.system("test-reader")
