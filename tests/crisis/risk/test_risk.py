"""A level never falls by itself; a clinician raises it freely and lowers it with a reason."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.crisis import risk
from app.crisis.risk import AssessRisk, Finding, RiskChange, RiskLevel, RiskMove
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.patients import Patient
from tests.builders.patients import a_patient
from tests.conftest import Client, FrozenClock

WHY = [{"rule": "c-ssrs.v1.high", "why": "Some intention of acting."}]


def finding(level: RiskLevel, *, replaces: bool = False) -> Finding:
    return Finding(level=level, reasons=WHY, source=("screening", uuid4()), replaces=replaces)


@pytest.fixture
async def patient(works: Works, doctor: Actor) -> Patient:
    return await a_patient(works, doctor)


async def found(works: Works, patient: Patient, *findings: Finding) -> risk.RiskState:
    for each in findings:
        async with works.begin(Actor.system("test")) as uow:
            state = await risk.take_finding(uow, patient.id, each)
    return state


async def judged(works: Works, by: Actor, patient: Patient, **said: Any) -> risk.RiskState:
    async with works.begin(by) as uow:
        return await risk.assess(uow, patient.id, AssessRisk(**said))


@given(st.lists(st.sampled_from(RiskLevel), min_size=1))
def test_the_highest_of_many_is_one_of_them_and_none_is_above(levels: list[RiskLevel]) -> None:
    top = max(levels, key=lambda each: each.rank)
    assert all(each.rank <= top.rank for each in levels)
    assert RiskLevel.UNDETERMINED.rank > RiskLevel.MODERATE.rank


async def test_findings_raise_the_level_and_never_lower_it(works: Works, patient: Patient) -> None:
    state = await found(works, patient, finding(RiskLevel.MODERATE), finding(RiskLevel.LOW))
    assert (state.level, state.floor) == (RiskLevel.MODERATE, RiskLevel.MODERATE)
    state = await found(works, patient, finding(RiskLevel.LOW, replaces=True))
    assert (state.level, state.floor) == (RiskLevel.MODERATE, RiskLevel.LOW)
    state = await found(works, patient, finding(RiskLevel.HIGH))
    assert (state.level, state.floor) == (RiskLevel.HIGH, RiskLevel.HIGH)


async def test_a_finding_that_is_told_twice_counts_once(works: Works, patient: Patient) -> None:
    again = finding(RiskLevel.HIGH)
    await asyncio.gather(*(found(works, patient, again) for _ in range(5)))
    async with works.sessions() as db:
        assert len((await db.scalars(select(RiskMove))).all()) == 1


async def test_only_with_a_reason_is_it_lowered(
    works: Works, doctor: Actor, patient: Patient
) -> None:
    await found(works, patient, finding(RiskLevel.HIGH))
    with pytest.raises(risk.ReasonToLowerMissing):
        await judged(works, doctor, patient, level="low")
    state = await judged(works, doctor, patient, level="low", reason="Means are gone.")
    assert (state.level, state.floor) == (RiskLevel.LOW, RiskLevel.HIGH)
    state = await judged(works, doctor, patient, level="high")
    assert state.level is RiskLevel.HIGH
    async with works.begin(doctor) as uow:
        told = await risk.read_risk(uow, patient.id)
    assert [move.change for move in told.history] == [
        RiskChange.RAISED, RiskChange.LOWERED, RiskChange.COMPUTED,
    ]  # fmt: skip
    assert told.history[-1].reasons == WHY


async def test_the_next_review_lies_ahead(
    works: Works, doctor: Actor, patient: Patient, clock: FrozenClock
) -> None:
    for days in (-1, 0, 400):
        at = clock.at + timedelta(days=days)
        with pytest.raises(risk.ReviewUnfit):
            await judged(works, doctor, patient, level="low", next_review_at=at)


async def test_nobody_assessed_is_not_no_risk(
    as_nurse: Client, as_receptionist: Client, works: Works, patient: Patient
) -> None:
    at = f"/api/v1/patients/{patient.id}/risk"
    assert (await as_nurse.get(at)).json()["level"] is None
    assert (await as_receptionist.get(at)).status_code == 403
    answer = await as_nurse.post(at, json={"level": "moderate"})
    assert answer.status_code == 201
    assert answer.json()["level"] == "moderate"
    refused = await as_nurse.post(at, json={"level": "low"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["at"] == ["body", "reason"]
    assert (await as_nurse.post(at, json={"level": "none"})).status_code == 422
