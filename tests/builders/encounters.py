"""Encounters for tests."""

from uuid import UUID

from app.clinical import encounters
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.patients import a_patient


async def an_encounter(
    works: Works, doctor: Actor, *, patient_id: UUID | None = None, reason: str | None = "cough"
) -> encounters.Encounter:
    """An encounter under way with this doctor, with the patient or with a new one."""
    if patient_id is None:
        patient_id = (await a_patient(works, doctor)).id
    async with works.begin(doctor) as uow:
        new = encounters.NewEncounter(patient_id=patient_id, reason=reason)
        return await encounters.start_encounter(uow, new)


async def consented(
    works: Works,
    doctor: Actor,
    encounter_id: UUID,
    decision: encounters.ConsentDecision = encounters.ConsentDecision.PERMIT,
) -> None:
    async with works.begin(doctor) as uow:
        await encounters.record_consent(
            uow, encounter_id, decision=decision, method=encounters.ConsentMethod.VERBAL
        )


async def an_encounter_to_record(
    works: Works, doctor: Actor, *, patient_id: UUID | None = None
) -> encounters.Encounter:
    """An encounter whose patient has agreed to being recorded."""
    encounter = await an_encounter(works, doctor, patient_id=patient_id)
    await consented(works, doctor, encounter.id)
    return encounter
