"""A hub of this process, that sees at once who is no longer welcome."""

from collections.abc import AsyncIterator

import pytest

from app.infra.uow import Works
from app.work_queues.feed import Hub, open_hub


@pytest.fixture
async def hub(works: Works) -> AsyncIterator[Hub]:
    async with open_hub(works, check_seconds=0) as opened:
        yield opened
