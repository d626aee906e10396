"""Screenings for tests."""

from uuid import UUID

from app.crisis import screenings
from app.crisis.screenings import Answers, Instrument, Screening
from app.infra.uow import Works
from app.kernel.actors import Actor

ALL_NO: Answers = {"1": "no", "2": "no", "6": "no"}
HIGH: Answers = {"1": "yes", "2": "yes", "3": "yes", "4": "yes", "5": "no", "6": "no"}
PHQ_9_QUIET: Answers = dict.fromkeys([str(n) for n in range(1, 10)], 0)  # type: ignore[assignment]
PHQ_9_POSITIVE: Answers = {**PHQ_9_QUIET, "9": 1}


async def a_screening(
    works: Works,
    by: Actor,
    patient_id: UUID,
    instrument: Instrument = Instrument.C_SSRS,
    answers: Answers | None = None,
    *,
    encounter_id: UUID | None = None,
) -> Screening:
    """A screening under way, with these answers if any."""
    new = screenings.NewScreening(
        patient_id=patient_id, instrument=instrument, encounter_id=encounter_id
    )
    async with works.begin(by) as uow:
        begun, _ = await screenings.start_screening(uow, new)
        if answers:
            await screenings.save_answers(uow, begun.id, answers, version=begun.version)
        return begun


async def a_completed_screening(
    works: Works,
    by: Actor,
    patient_id: UUID,
    instrument: Instrument = Instrument.C_SSRS,
    answers: Answers = ALL_NO,
    *,
    accept_missing: bool = False,
) -> Screening:
    begun = await a_screening(works, by, patient_id, instrument, answers)
    async with works.begin(by) as uow:
        return await screenings.complete_screening(
            uow, begun.id, version=begun.version, accept_missing=accept_missing
        )


async def a_demand(
    works: Works,
    by: Actor,
    patient_id: UUID,
    instrument: Instrument = Instrument.C_SSRS,
    because: str = "detection.ideation",
) -> screenings.ScreeningDemand:
    async with works.begin(by) as uow:
        return await screenings.demand_screening(
            uow, patient_id=patient_id, instrument=instrument, because=because
        )
