"""A process's days, on the stores of the test."""

from collections.abc import AsyncIterator

import pytest

from app.dashboards import day
from app.infra.embedded import StoreUrls
from app.infra.uow import Works


@pytest.fixture
async def days(works: Works, urls: StoreUrls) -> AsyncIterator[day.Days]:
    async with day.open_days(works, urls.redis_url) as opened:
        yield opened


@pytest.fixture
async def elsewhere(works: Works, urls: StoreUrls) -> AsyncIterator[day.Days]:
    """Those of another process."""
    async with day.open_days(works, urls.redis_url) as opened:
        yield opened


@pytest.fixture
async def without_redis(works: Works) -> AsyncIterator[day.Days]:
    async with day.open_days(works, None) as opened:
        yield opened
