"""A browser without a screen: cookies, forms and redirects over the whole application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest

from app.kernel.actors import Actor
from tests.builders.identity import PASSWORD
from tests.conftest import Client


@asynccontextmanager
async def browsing(client: Client, username: str | None = None) -> AsyncIterator[Client]:
    """The same application with a cookie jar of its own; signed in when a name is given."""
    async with httpx2.AsyncClient(
        transport=client._transport, base_url=str(client.base_url)
    ) as browser:
        if username:
            form = {"username": username, "password": PASSWORD, "next": "/"}
            answer = await browser.post("/login", data=form)
            assert answer.status_code == 303, answer.text
        yield browser


@pytest.fixture
async def stranger(client: Client) -> AsyncIterator[Client]:
    async with browsing(client) as browser:
        yield browser


@pytest.fixture
async def doctors_browser(client: Client, doctor: Actor) -> AsyncIterator[Client]:
    async with browsing(client, "doctor") as browser:
        yield browser


@pytest.fixture
async def nurses_browser(client: Client, nurse: Actor) -> AsyncIterator[Client]:
    async with browsing(client, "nurse") as browser:
        yield browser


@pytest.fixture
async def desk_browser(client: Client, receptionist: Actor) -> AsyncIterator[Client]:
    async with browsing(client, "receptionist") as browser:
        yield browser
