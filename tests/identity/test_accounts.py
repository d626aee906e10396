"""Keeping accounts, as an administrator does from the command line."""

import pytest

from app import identity
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from tests.builders.identity import PASSWORD
from tests.conftest import Client

KEEPER = Actor.system("command-line")


@pytest.mark.parametrize(
    ("username", "full_name", "role", "field"),
    [
        ("a", "Anna Berg", Role.NURSE, "username"),
        ("a" * 101, "Anna Berg", Role.NURSE, "username"),
        ("anna", "  ", Role.NURSE, "full_name"),
        ("anna", "Anna Berg", Role.SYSTEM, "role"),
    ],
)
async def test_an_account_that_could_not_be_used_is_refused(
    works: Works, username: str, full_name: str, role: Role, field: str
) -> None:
    async with works.begin(KEEPER) as uow:
        with pytest.raises(identity.AccountUnfit) as refused:
            await identity.add_user(
                uow, username=username, full_name=full_name, role=role, password=PASSWORD
            )
    assert refused.value.field == field


async def test_whoever_guessed_too_often_signs_in_at_once_with_a_new_password(
    works: Works, client: Client, doctor: Actor
) -> None:
    async def sign_in(password: str) -> int:
        said = {"username": "doctor", "password": password}
        return (await client.post("/api/v1/sessions", json=said)).status_code

    assert [await sign_in("forgotten") for _ in range(6)] == [401] * 5 + [429]
    async with works.begin(KEEPER) as uow:
        await identity.reset_password(uow, "doctor", "a new long passphrase")
    assert await sign_in("a new long passphrase") == 201
