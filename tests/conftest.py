"""Fixtures every test may use: real stores, a frozen clock, actors, and a client for each role."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from redis import Redis

from app import assembly
from app.identity import passwords
from app.infra.embedded import StoreUrls
from app.infra.opening import open_works
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.main import create_app
from app.settings import Settings
from tests.builders.identity import PASSWORD, a_user

pytest_plugins = ["tests.fixtures.stores", "tests.fixtures.live_site"]

Client = httpx2.AsyncClient


class FrozenClock:
    """Time stands still until a test moves it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def advance(self, **span: float) -> None:
        self.at += timedelta(**span)


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hashes of the real kind made with little work: nobody attacks what lives for one test."""
    real = passwords.HASHER
    passwords.HASHER = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    yield
    passwords.HASHER = real


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def urls(database_url: str, mongo_url: str, redis_url: str) -> StoreUrls:
    with Redis.from_url(redis_url) as redis:
        redis.flushdb()
    return StoreUrls(database_url=database_url, mongo_url=mongo_url, redis_url=redis_url)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(environment="test", data_dir=tmp_path / "data", _env_file=None)


@pytest.fixture
async def works(urls: StoreUrls, clock: FrozenClock) -> AsyncIterator[Works]:
    """Units of work on a migrated database of this test's own."""
    async with open_works(
        urls, subscriptions=assembly.subscriptions(), clock=clock, documents=assembly.DOCUMENTS
    ) as opened:
        yield opened


@pytest.fixture
async def doctor(works: Works) -> Actor:
    return await a_user(works, Role.DOCTOR)


@pytest.fixture
async def nurse(works: Works) -> Actor:
    return await a_user(works, Role.NURSE)


@pytest.fixture
async def receptionist(works: Works) -> Actor:
    return await a_user(works, Role.RECEPTIONIST)


@pytest.fixture
async def admin(works: Works) -> Actor:
    return await a_user(works, Role.ADMIN)


@pytest.fixture
async def other_doctor(works: Works) -> Actor:
    return await a_user(works, Role.DOCTOR, username="doctor-two", full_name="Dr. Berta Summer")


@pytest.fixture
async def client(settings: Settings, urls: StoreUrls, clock: FrozenClock) -> AsyncIterator[Client]:
    """A stranger at the door: HTTP against the whole application, not signed in."""
    app = create_app(settings, urls, clock)
    async with app.router.lifespan_context(app) as state:

        async def with_state(scope: Any, receive: Any, send: Any) -> None:
            scope["state"] = dict(state or {})
            await app(scope, receive, send)

        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(with_state),  # type: ignore[arg-type]
            base_url="http://testserver",
        ) as opened:
            yield opened


@asynccontextmanager
async def signed_in(client: Client, username: str) -> AsyncIterator[Client]:
    """The same application with somebody's bearer token."""
    answer = await client.post(
        "/api/v1/sessions", json={"username": username, "password": PASSWORD}
    )
    assert answer.status_code == 201, answer.text
    async with httpx2.AsyncClient(
        transport=client._transport,
        base_url=str(client.base_url),
        headers={"Authorization": f"Bearer {answer.json()['token']}"},
    ) as opened:
        yield opened


@pytest.fixture
async def as_doctor(client: Client, doctor: Actor) -> AsyncIterator[Client]:
    async with signed_in(client, "doctor") as opened:
        yield opened


@pytest.fixture
async def as_other_doctor(client: Client, other_doctor: Actor) -> AsyncIterator[Client]:
    async with signed_in(client, "doctor-two") as opened:
        yield opened


@pytest.fixture
async def as_nurse(client: Client, nurse: Actor) -> AsyncIterator[Client]:
    async with signed_in(client, "nurse") as opened:
        yield opened


@pytest.fixture
async def as_receptionist(client: Client, receptionist: Actor) -> AsyncIterator[Client]:
    async with signed_in(client, "receptionist") as opened:
        yield opened


@pytest.fixture
async def as_admin(client: Client, admin: Actor) -> AsyncIterator[Client]:
    async with signed_in(client, "admin") as opened:
        yield opened
