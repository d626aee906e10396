"""A screening is begun, answered by several, decided once, and never changed after."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app import audit, patients
from app.crisis import screenings
from app.crisis.risk import RiskLevel
from app.crisis.screenings import (
    Instrument,
    NewScreening,
    Screening,
    ScreeningMove,
    ScreeningResult,
    ScreeningStatus,
)
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.kernel.errors import DomainError
from app.kernel.lifecycle import IllegalMove
from tests.builders.encounters import an_encounter
from tests.builders.identity import a_user
from tests.builders.screenings import ALL_NO, HIGH, a_completed_screening, a_screening
from tests.conftest import FrozenClock


async def refused(works: Works, by: Actor, verb: Any, *args: Any, **named: Any) -> DomainError:
    with pytest.raises(DomainError) as error:
        async with works.begin(by) as uow:
            await verb(uow, *args, **named)
    return error.value


async def result_of(works: Works, screening: Screening) -> ScreeningResult:
    async with works.sessions() as db:
        statement = select(ScreeningResult).where(ScreeningResult.screening_id == screening.id)
        return (await db.scalars(statement)).one()


async def test_from_the_first_question_to_a_result_that_says_why(
    works: Works, doctor: Actor, patient: patients.Patient, clock: FrozenClock
) -> None:
    encounter = await an_encounter(works, doctor, patient_id=patient.id)
    begun = await a_screening(works, doctor, patient.id, encounter_id=encounter.id)
    assert (begun.status, begun.answers, begun.version) == (ScreeningStatus.IN_PROGRESS, {}, 1)
    clock.advance(minutes=4)
    async with works.begin(doctor) as uow:
        answered = await screenings.save_answers(uow, begun.id, HIGH, version=1)
        done = await screenings.complete_screening(uow, begun.id, version=answered.version)
    assert (done.status, done.ended_by, done.ended_at) == (
        ScreeningStatus.COMPLETED,
        doctor.id,
        clock.now(),
    )
    stored = await result_of(works, begun)
    assert (stored.level, stored.positive) == (RiskLevel.HIGH, True)
    assert (stored.instrument, stored.instrument_version) == (Instrument.C_SSRS, 1)
    assert stored.answers == HIGH
    assert [reason.rule for reason in stored.said.reasons] == [
        "high-intent",
        "moderate-method",
        "low-thoughts",
        "low-wish",
    ]
    async with works.sessions() as db:
        moves = (await db.scalars(select(ScreeningMove).order_by(ScreeningMove.seq))).all()
        trail = (await db.scalars(select(audit.AuditEvent).order_by(audit.AuditEvent.seq))).all()
        facts = (await db.execute(text("select name from outbox order by seq"))).scalars().all()
    assert [(move.from_status, move.to_status) for move in moves] == [
        (None, "in-progress"),
        ("in-progress", "completed"),
    ]
    about = [row for row in trail if row.action.startswith("screening.")]
    assert [row.action for row in about] == [
        "screening.start",
        "screening.answer",
        "screening.complete",
    ]
    assert {row.patient_id for row in about} == {patient.id}
    assert "yes" not in str([row.detail for row in about]), "no answer in the trail"
    assert "crisis.screening_completed.v1" in facts


async def test_what_somebody_left_another_goes_on_with(
    works: Works, doctor: Actor, nurse: Actor, patient: patients.Patient
) -> None:
    begun = await a_screening(works, doctor, patient.id, answers={"1": "no"})
    gone_on = await a_screening(works, nurse, patient.id)
    assert (gone_on.id, gone_on.answers) == (begun.id, {"1": "no"})
    async with works.begin(nurse) as uow:
        saved = await screenings.save_answers(uow, begun.id, ALL_NO, version=gone_on.version)
        done = await screenings.complete_screening(uow, begun.id, version=saved.version)
    assert (done.started_by, done.ended_by) == (doctor.id, nurse.id)
    again = await a_screening(works, doctor, patient.id)
    assert again.id != begun.id


async def test_two_who_begin_at_once_have_one_screening(
    works: Works, doctor: Actor, nurse: Actor, patient: patients.Patient
) -> None:
    begun = await asyncio.gather(
        *(a_screening(works, by, patient.id) for by in (doctor, nurse) * 4)
    )
    assert len({one.id for one in begun}) == 1


async def test_of_two_who_answer_the_same_version_one_is_told(
    works: Works, doctor: Actor, nurse: Actor, patient: patients.Patient
) -> None:
    begun = await a_screening(works, doctor, patient.id)

    async def answer(by: Actor, said: str) -> str:
        try:
            async with works.begin(by) as uow:
                await screenings.save_answers(uow, begun.id, {"1": said}, version=1)
        except screenings.ScreeningChanged:
            return "told"
        return said

    outcomes = await asyncio.gather(
        *(answer(by, said) for by, said in ((doctor, "yes"), (nurse, "no")) * 3)
    )
    [kept] = [outcome for outcome in outcomes if outcome != "told"]
    async with works.begin(doctor) as uow:
        read = await screenings.read_screening(uow, begun.id)
    assert (read.answers, read.version) == ({"1": kept}, 2)


async def test_completed_at_once_by_several_it_has_one_result(
    works: Works, doctor: Actor, nurse: Actor, patient: patients.Patient
) -> None:
    begun = await a_screening(works, doctor, patient.id, answers=ALL_NO)

    async def complete(by: Actor) -> str:
        try:
            async with works.begin(by) as uow:
                await screenings.complete_screening(uow, begun.id, version=begun.version)
        except screenings.ScreeningOver:
            return "over"
        return "done"

    outcomes = await asyncio.gather(*(complete(by) for by in (doctor, nurse) * 3))
    assert sorted(outcomes) == ["done", *["over"] * 5]
    await result_of(works, begun)


async def test_open_questions_have_to_be_left_open_on_purpose(
    works: Works, doctor: Actor, patient: patients.Patient
) -> None:
    begun = await a_screening(works, doctor, patient.id, answers={"1": "no", "2": "yes"})
    error = await refused(
        works, doctor, screenings.complete_screening, begun.id, version=begun.version
    )
    assert isinstance(error, screenings.AnswersMissing)
    assert [fault["at"][-1] for fault in error.errors] == ["3", "4", "5", "6"]
    async with works.begin(doctor) as uow:
        await screenings.complete_screening(
            uow, begun.id, version=begun.version, accept_missing=True
        )
    stored = await result_of(works, begun)
    assert (stored.level, stored.positive) == (RiskLevel.UNDETERMINED, True)
    assert not stored.said.complete


async def test_answers_that_do_not_fit_are_refused(
    works: Works, doctor: Actor, patient: patients.Patient
) -> None:
    begun = await a_screening(works, doctor, patient.id)
    for answers in ({"1": "perhaps"}, {"7": "no"}, {"2": "no", "4": "yes"}):
        error = await refused(works, doctor, screenings.save_answers, begun.id, answers, version=1)
        assert isinstance(error, screenings.AnswersUnfit)


async def test_an_encounter_with_somebody_else_is_refused(
    works: Works, doctor: Actor, patient: patients.Patient
) -> None:
    elsewhere = await an_encounter(works, doctor)
    new = NewScreening(
        patient_id=patient.id, instrument=Instrument.PHQ_9, encounter_id=elsewhere.id
    )
    error = await refused(works, doctor, screenings.start_screening, new)
    assert isinstance(error, screenings.EncounterOfAnotherPatient)


async def test_what_is_over_does_not_change(
    works: Works, doctor: Actor, patient: patients.Patient
) -> None:
    done = await a_completed_screening(works, doctor, patient.id)
    version = done.version
    error = await refused(works, doctor, screenings.save_answers, done.id, HIGH, version=version)
    assert isinstance(error, screenings.ScreeningOver)
    error = await refused(works, doctor, screenings.abandon_screening, done.id, reason="Left.")
    assert isinstance(error, IllegalMove)
    for statement in (
        "update screening_results set level = 'low'",
        "delete from screening_results",
        "truncate screening_results cascade",
        "update screening_instruments set title = 'x'",
    ):
        with pytest.raises(DBAPIError, match="append-only"):
            async with works.begin(doctor) as uow:
                await uow.db.execute(text(statement))


async def test_an_abandoned_one_says_why_and_has_no_result(
    works: Works, nurse: Actor, patient: patients.Patient
) -> None:
    begun = await a_screening(works, nurse, patient.id, answers={"1": "no"})
    async with works.begin(nurse) as uow:
        left = await screenings.abandon_screening(uow, begun.id, reason="The patient left.")
    assert (left.status, left.reason) == (ScreeningStatus.ABANDONED, "The patient left.")
    async with works.sessions() as db:
        assert (await db.scalars(select(ScreeningResult))).all() == []


async def test_a_mistake_stays_readable_and_is_told(
    works: Works, doctor: Actor, patient: patients.Patient
) -> None:
    done = await a_completed_screening(works, doctor, patient.id, answers=HIGH)
    async with works.begin(doctor) as uow:
        wrong = await screenings.enter_screening_in_error(
            uow, done.id, reason="Another patient's answers."
        )
        [shown] = await screenings.describe(uow, wrong)
    assert (shown.status, shown.result.level) == ("entered-in-error", RiskLevel.HIGH)
    async with works.sessions() as db:
        facts = (await db.execute(text("select name from outbox order by seq"))).scalars().all()
    assert facts[-1] == "crisis.screening_entered_in_error.v1"


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.ADMIN, Role.PATIENT])
async def test_only_doctors_and_nurses_screen(
    works: Works, patient: patients.Patient, doctor: Actor, role: Role
) -> None:
    somebody = await a_user(works, role)
    begun = await a_screening(works, doctor, patient.id)
    new = NewScreening(patient_id=patient.id, instrument=Instrument.C_SSRS)
    calls: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = [
        (screenings.start_screening, (new,), {}),
        (screenings.save_answers, (begun.id, ALL_NO), {"version": 1}),
        (screenings.complete_screening, (begun.id,), {"version": 1}),
        (screenings.abandon_screening, (begun.id,), {"reason": "Left."}),
        (screenings.enter_screening_in_error, (begun.id,), {"reason": "Wrong."}),
        (screenings.read_screening, (begun.id,), {}),
        (screenings.list_screenings, (patient.id,), {}),
        (screenings.list_instruments, (), {}),
        (screenings.list_demands, (patient.id,), {}),
        (screenings.demand_screening, (), {
            "patient_id": patient.id, "instrument": Instrument.C_SSRS, "because": "desk",
        }),
    ]  # fmt: skip
    for verb, args, named in calls:
        error = await refused(works, somebody, verb, *args, **named)
        assert isinstance(error, screenings.MayNotScreen), verb.__name__


NEXT_VERSION = """
insert into screening_instruments (key, version, title, source, effective_from, definition, scoring)
select key, 2, title, 'A site that puts thoughts of killing oneself at moderate.',
    '2026-03-02T10:00:00Z', definition,
    jsonb_set(scoring, '{levels}', (
        select jsonb_agg(case when rule->>'id' = 'low-thoughts'
            then rule || '{"level": "moderate"}' else rule end)
        from jsonb_array_elements(scoring->'levels') as rule))
from screening_instruments where key = 'c-ssrs' and version = 1
"""


async def test_rules_are_rows_and_old_results_keep_theirs(
    works: Works, doctor: Actor, patient: patients.Patient, clock: FrozenClock
) -> None:
    """From 10:00 a new version counts: for what begins then, not for what has begun or is over."""
    thoughts = {"1": "yes", "2": "yes", "3": "no", "4": "no", "5": "no", "6": "no"}
    old = await a_completed_screening(works, doctor, patient.id, answers=thoughts)
    async with works.sessions.begin() as db:
        await db.execute(text(NEXT_VERSION))
    begun = await a_screening(works, doctor, patient.id, answers=thoughts)
    clock.advance(hours=2)
    async with works.begin(doctor) as uow:
        await screenings.complete_screening(uow, begun.id, version=begun.version)
    new = await a_completed_screening(works, doctor, patient.id, answers=thoughts)
    found = [await result_of(works, one) for one in (old, begun, new)]
    assert [(one.instrument_version, one.level) for one in found] == [
        (1, RiskLevel.LOW),
        (1, RiskLevel.LOW),
        (2, RiskLevel.MODERATE),
    ]
    async with works.begin(doctor) as uow:
        shown = await screenings.describe(uow, old, begun, new)
    assert [one.result.level for one in shown] == ["low", "low", "moderate"]
    async with works.begin(doctor) as uow:
        listed = await screenings.list_instruments(uow)
    assert {one.key: one.version for one in listed}[Instrument.C_SSRS] == 2
