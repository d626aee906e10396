"""A formulary is in force in every test of prescriptions that has a database."""

import pytest

from app.infra.uow import Works
from tests.builders.prescriptions import a_formulary


@pytest.fixture
async def in_force(works: Works) -> None:
    await a_formulary(works)
