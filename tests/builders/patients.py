"""Patients for tests: invented, literal, boring."""

from datetime import date
from typing import Any

from app import patients
from app.infra.uow import Works
from app.kernel.actors import Actor

DEFAULTS: dict[str, Any] = {
    "given_name": "Mara",
    "family_name": "Okafor-Lind",
    "birth_date": date(1945, 7, 14),
    "sex": patients.Sex.FEMALE,
    "phone": "+1 (555) 010-2030",
    "confirm_not_duplicate": True,
}


def new_patient(**fields: Any) -> patients.NewPatient:
    return patients.NewPatient.model_validate(DEFAULTS | fields)


async def a_patient(works: Works, by: Actor, **fields: Any) -> patients.Patient:
    """A registered patient; `by` must be somebody who may register."""
    async with works.begin(by) as uow:
        return await patients.register_patient(uow, new_patient(**fields))
