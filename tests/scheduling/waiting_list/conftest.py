"""A clinic with one doctor who works from eight to five on weekdays; it is Monday, nine o'clock."""

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.availability import Clinic, a_clinic


@pytest.fixture
async def clinic(works: Works, receptionist: Actor, doctor: Actor) -> Clinic:
    return await a_clinic(works, receptionist, doctor)
