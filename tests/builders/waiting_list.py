"""People who wait, for tests."""

from typing import Any
from uuid import UUID

from app import identity
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.scheduling import waiting_list
from tests.builders.identity import PASSWORD
from tests.builders.patients import a_patient


async def a_specialist(
    works: Works, username: str = "heart", specialty: str = "Cardiology"
) -> Actor:
    """A doctor with a specialty."""
    async with works.begin(Actor.system("test-setup")) as uow:
        user = await identity.add_user(
            uow,
            username=username,
            full_name="Dr. Cora Hart",
            role=Role.DOCTOR,
            password=PASSWORD,
            specialty=specialty,
        )
        return user.as_actor(uow.now)


async def somebody_waiting(
    works: Works,
    by: Actor,
    visit_type_id: UUID,
    *,
    patient_id: UUID | None = None,
    **wish: Any,
) -> waiting_list.WaitingListEntry:
    """An entry of this patient, or of a new one; what is not told suits whatever it is."""
    if patient_id is None:
        patient_id = (await a_patient(works, by)).id
    new = waiting_list.NewEntry(patient_id=patient_id, visit_type_id=visit_type_id, **wish)
    async with works.begin(by) as uow:
        return await waiting_list.add_entry(uow, new)
