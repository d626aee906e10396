"""Nurses enough for a roster."""

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from tests.builders.identity import a_user


@pytest.fixture
async def other_nurse(works: Works) -> Actor:
    return await a_user(works, Role.NURSE, username="nurse-two", full_name="Olaf Brandt")


@pytest.fixture
async def third_nurse(works: Works) -> Actor:
    return await a_user(works, Role.NURSE, username="nurse-three", full_name="Petra Holm")
