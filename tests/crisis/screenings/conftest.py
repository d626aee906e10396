"""A patient to screen."""

import pytest

from app import patients
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.patients import a_patient


@pytest.fixture
async def patient(works: Works, doctor: Actor) -> patients.Patient:
    return await a_patient(works, doctor)
