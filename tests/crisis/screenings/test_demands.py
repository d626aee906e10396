"""A screening is due: asked for once, put off with a reason, answered, due again."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app import patients
from app.crisis import screenings
from app.crisis.screenings import DemandMove, DemandStatus, Instrument, ScreeningDemand
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.patients import a_patient
from tests.builders.screenings import (
    ALL_NO,
    HIGH,
    PHQ_9_POSITIVE,
    PHQ_9_QUIET,
    a_completed_screening,
    a_demand,
)
from tests.conftest import FrozenClock

SYSTEM = Actor.system("detection")
MINUTES = timedelta(minutes=30)


async def open_ones(works: Works, by: Actor, patient_id: UUID) -> list[tuple[str, str]]:
    async with works.begin(by) as uow:
        found = await screenings.open_demands(uow, patient_id)
    return sorted((each.instrument, each.because) for each in found)


async def interruption(works: Works, by: Actor, patient_id: UUID) -> ScreeningDemand | None:
    async with works.begin(by) as uow:
        return await screenings.interruption_for(uow, patient_id)


async def stored(works: Works, demand: ScreeningDemand) -> ScreeningDemand:
    async with works.sessions() as db:
        found = select(ScreeningDemand).where(ScreeningDemand.id == demand.id)
        return (await db.scalars(found)).one()


async def test_the_same_cause_is_one_demand_however_often_and_at_once(
    works: Works, patient: patients.Patient, doctor: Actor
) -> None:
    made = await asyncio.gather(
        *(a_demand(works, SYSTEM, patient.id) for _ in range(8)),
        a_demand(works, doctor, patient.id),
    )
    assert len({each.id for each in made}) == 1
    await a_demand(works, SYSTEM, patient.id, because="detection.plan")
    assert await open_ones(works, doctor, patient.id) == [
        ("c-ssrs", "detection.ideation"),
        ("c-ssrs", "detection.plan"),
    ]


async def test_a_completed_screening_answers_all_that_ask_for_it(
    works: Works, patient: patients.Patient, doctor: Actor
) -> None:
    first = await a_demand(works, SYSTEM, patient.id)
    await a_demand(works, SYSTEM, patient.id, because="detection.plan")
    await a_demand(works, SYSTEM, patient.id, Instrument.PHQ_9, because="check-in")
    done = await a_completed_screening(works, doctor, patient.id, answers=ALL_NO)
    assert await open_ones(works, doctor, patient.id) == [("phq-9", "check-in")]
    answered = await stored(works, first)
    assert (answered.status, answered.screening_id) == (DemandStatus.ANSWERED, done.id)
    again = await a_demand(works, SYSTEM, patient.id)
    assert again.id != first.id


@pytest.mark.parametrize(
    ("answers", "is_answered"),
    [
        ({"1": "no", "2": "no"}, False),
        ({"1": "yes", "2": "yes", "3": "no", "5": "no", "6": "no"}, False),
        ({"2": "yes", "4": "yes"}, True),
    ],
)
async def test_a_critical_answer_left_out_answers_nothing_unless_it_is_high_anyway(
    works: Works,
    patient: patients.Patient,
    doctor: Actor,
    answers: dict[str, Any],
    is_answered: bool,
) -> None:
    await a_demand(works, SYSTEM, patient.id)
    await a_completed_screening(works, doctor, patient.id, answers=answers, accept_missing=True)
    assert (await open_ones(works, doctor, patient.id) == []) is is_answered


async def test_item_9_of_the_phq_9_asks_for_a_c_ssrs(
    works: Works, patient: patients.Patient, doctor: Actor
) -> None:
    phq = Instrument.PHQ_9
    await a_completed_screening(works, doctor, patient.id, phq, PHQ_9_QUIET)
    assert await open_ones(works, doctor, patient.id) == []
    done = await a_completed_screening(works, doctor, patient.id, phq, PHQ_9_POSITIVE)
    demand = await interruption(works, doctor, patient.id)
    assert demand
    assert (demand.instrument, demand.because, demand.source_id) == (
        Instrument.C_SSRS,
        "phq-9.item-9",
        done.id,
    )


async def test_item_9_left_out_asks_for_it_too(
    works: Works, patient: patients.Patient, doctor: Actor
) -> None:
    without = {item: answer for item, answer in PHQ_9_QUIET.items() if item != "9"}
    await a_completed_screening(
        works, doctor, patient.id, Instrument.PHQ_9, without, accept_missing=True
    )
    assert await open_ones(works, doctor, patient.id) == [("c-ssrs", "phq-9.item-9")]


async def test_put_off_until_a_moment_it_is_due_again_then(
    works: Works, patient: patients.Patient, doctor: Actor, nurse: Actor, clock: FrozenClock
) -> None:
    demand = await a_demand(works, SYSTEM, patient.id)
    until = clock.now() + MINUTES
    async with works.begin(nurse) as uow:
        await screenings.defer_demand(
            uow, demand.id, until=until, reason="The child is in the room."
        )
    assert await interruption(works, doctor, patient.id) is None
    assert await open_ones(works, doctor, patient.id) == [("c-ssrs", "detection.ideation")]
    await a_demand(works, SYSTEM, patient.id)
    assert await interruption(works, doctor, patient.id) is None, "the same cause is still put off"
    clock.advance(minutes=30)
    due = await interruption(works, doctor, patient.id)
    assert due
    assert due.id == demand.id
    async with works.sessions() as db:
        moves = (await db.scalars(select(DemandMove).order_by(DemandMove.seq))).all()
    assert [
        (m.from_status, m.to_status, m.reason, m.moved_by, m.deferred_until) for m in moves
    ] == [
        (None, "open", None, SYSTEM.id, None),
        ("open", "open", "The child is in the room.", nurse.id, until),
    ]


@pytest.mark.parametrize(
    "away", [timedelta(0), timedelta(minutes=-1), timedelta(days=7, seconds=1)]
)
async def test_it_is_put_off_to_a_moment_to_come_and_a_week_at_most(
    works: Works, patient: patients.Patient, doctor: Actor, clock: FrozenClock, away: timedelta
) -> None:
    demand = await a_demand(works, SYSTEM, patient.id)
    with pytest.raises(screenings.DeferralUnfit):
        async with works.begin(doctor) as uow:
            await screenings.defer_demand(uow, demand.id, until=clock.now() + away, reason="Later.")


async def test_what_is_answered_is_not_put_off(
    works: Works, patient: patients.Patient, doctor: Actor, clock: FrozenClock
) -> None:
    demand = await a_demand(works, SYSTEM, patient.id)
    await a_completed_screening(works, doctor, patient.id, answers=HIGH)
    with pytest.raises(screenings.DemandAnswered):
        async with works.begin(doctor) as uow:
            await screenings.defer_demand(
                uow, demand.id, until=clock.now() + MINUTES, reason="Later."
            )


async def test_a_mistake_gives_back_what_it_answered_and_takes_back_what_it_asked(
    works: Works, patient: patients.Patient, doctor: Actor
) -> None:
    asked = await a_demand(works, SYSTEM, patient.id, Instrument.PHQ_9, because="check-in")
    done = await a_completed_screening(works, doctor, patient.id, Instrument.PHQ_9, PHQ_9_POSITIVE)
    assert await open_ones(works, doctor, patient.id) == [("c-ssrs", "phq-9.item-9")]
    async with works.begin(doctor) as uow:
        await screenings.enter_screening_in_error(uow, done.id, reason="Another patient.")
    assert await open_ones(works, doctor, patient.id) == [("phq-9", "check-in")]
    assert (await stored(works, asked)).screening_id is None


async def test_a_mistake_gives_nothing_back_that_is_asked_for_anew(
    works: Works, patient: patients.Patient, doctor: Actor
) -> None:
    first = await a_demand(works, SYSTEM, patient.id)
    done = await a_completed_screening(works, doctor, patient.id)
    await a_demand(works, SYSTEM, patient.id)
    async with works.begin(doctor) as uow:
        await screenings.enter_screening_in_error(uow, done.id, reason="Another patient.")
    assert await open_ones(works, doctor, patient.id) == [("c-ssrs", "detection.ideation")]
    assert (await stored(works, first)).status is DemandStatus.WITHDRAWN


async def test_what_asked_is_gone(works: Works, patient: patients.Patient, doctor: Actor) -> None:
    demand = await a_demand(works, SYSTEM, patient.id)
    async with works.begin(SYSTEM) as uow:
        await screenings.withdraw_demand(uow, demand.id)
    assert await open_ones(works, doctor, patient.id) == []
    with pytest.raises(screenings.DemandAnswered):
        async with works.begin(SYSTEM) as uow:
            await screenings.withdraw_demand(uow, demand.id)


async def test_only_who_could_screen_is_interrupted(
    works: Works, patient: patients.Patient, nurse: Actor, receptionist: Actor
) -> None:
    await a_demand(works, SYSTEM, patient.id)
    assert await interruption(works, nurse, patient.id)
    assert await interruption(works, receptionist, patient.id) is None


async def test_records_that_turn_out_to_be_one_person_share_what_is_due(
    works: Works, patient: patients.Patient, doctor: Actor
) -> None:
    other = await a_patient(works, doctor, given_name="Maria")
    await a_demand(works, SYSTEM, other.id)
    done = await a_completed_screening(
        works, doctor, other.id, Instrument.GAD_7, {}, accept_missing=True
    )
    async with works.begin(doctor) as uow:
        await patients.merge_patients(uow, other.id, patient.id, "The same person.")
    assert await open_ones(works, doctor, patient.id) == [("c-ssrs", "detection.ideation")]
    async with works.begin(doctor) as uow:
        found, _ = await screenings.list_screenings(uow, patient.id)
    assert [each.id for each in found] == [done.id]
    await a_completed_screening(works, doctor, patient.id)
    assert await open_ones(works, doctor, other.id) == []
