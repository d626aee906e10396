"""Every route by every role and by strangers: exactly what the route declares."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import select

from app import audit
from app.infra.embedded import StoreUrls
from app.infra.http.routing import HouseRoute
from app.infra.uow import Works
from app.kernel.actors import Role
from app.main import create_app
from app.settings import Settings
from tests.builders.identity import a_user
from tests.conftest import Client, signed_in
from tests.house.routes import Reached, every_route

NOWHERE = StoreUrls("postgresql://nowhere/x", "mongodb://nowhere", None)
SETTINGS = Settings(environment="test", data_dir=Path("nowhere"), _env_file=None)
ROUTES = list(every_route(create_app(SETTINGS, NOWHERE).routes))
API = [each for each in ROUTES if each.path.startswith("/api/")]
PAGES = [each for each in ROUTES if not each.path.startswith("/api/")]
SOME_ID = "00000000-0000-4000-8000-000000000001"
PEOPLE = (Role.DOCTOR, Role.NURSE, Role.RECEPTIONIST, Role.ADMIN, Role.PATIENT)
SIGNING_OUT = "DELETE /api/v1/sessions/current"


def address(reached: Reached) -> str:
    """The path with ids filled in: numbers where the route wants numbers."""
    path = re.sub(r"\{(seq|number|revision)(:\w+)?\}", "1", reached.path)
    return re.sub(r"\{[^}]+\}", SOME_ID, path)


def test_there_are_routes_to_walk() -> None:
    assert len(API) > 30


@pytest.mark.parametrize("reached", ROUTES, ids=str)
def test_every_route_declares_who_may_call_it(reached: Reached) -> None:
    assert isinstance(reached.route, HouseRoute)
    assert reached.roles <= set(PEOPLE)


@pytest.fixture
async def people(client: Client, works: Works) -> AsyncIterator[dict[Role, Client]]:
    async with AsyncExitStack() as stack:
        opened = {}
        for role in PEOPLE:
            await a_user(works, role)
            opened[role] = await stack.enter_async_context(signed_in(client, role.value))
        yield opened


async def test_strangers_get_no_answer_from_the_api(client: Client) -> None:
    for reached in API:
        answer = await client.request(reached.method, address(reached))
        if reached.roles:
            assert answer.status_code == 401, str(reached)
            assert answer.headers["content-type"] == "application/problem+json", str(reached)
        else:
            assert answer.status_code != 401, str(reached)


async def test_strangers_are_sent_to_sign_in_by_the_pages(client: Client) -> None:
    for reached in PAGES:
        if not reached.roles:
            continue
        answer = await client.request(reached.method, address(reached))
        assert answer.status_code in {303, 401, 403}, str(reached)
        assert answer.headers.get("location", "/login").startswith("/login"), str(reached)


async def test_each_role_is_admitted_exactly_where_the_route_says(
    people: dict[Role, Client],
) -> None:
    for reached in API:
        if not reached.roles or str(reached) == SIGNING_OUT or "events" in reached.path:
            continue
        for role, client in people.items():
            answer = await client.request(reached.method, address(reached))
            refused = answer.status_code == 403 and (
                reached.method == "HEAD" or answer.json()["type"] == "/problems/role-not-allowed"
            )
            assert refused == (role not in reached.roles), f"{reached} as {role}"
            assert answer.status_code < 500, f"{reached} as {role}: {answer.text}"


async def test_a_refusal_leaves_a_trace(people: dict[Role, Client], works: Works) -> None:

    answer = await people[Role.PATIENT].get(f"/api/v1/patients/{SOME_ID}")
    assert answer.status_code == 403
    async with works.sessions() as db:
        refused = (
            await db.scalars(select(audit.AuditEvent).where(audit.AuditEvent.outcome == "refused"))
        ).all()
    assert [(each.actor_role, each.detail["error"]) for each in refused] == [
        ("patient", "role-not-allowed")
    ]
