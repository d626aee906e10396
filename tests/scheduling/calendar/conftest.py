"""A clinic with two doctors who work from eight to five on weekdays."""

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.availability import Clinic, a_clinic


@pytest.fixture
async def clinic(works: Works, receptionist: Actor, doctor: Actor, other_doctor: Actor) -> Clinic:
    return await a_clinic(works, receptionist, doctor, other_doctor)
