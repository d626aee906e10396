"""What was measured and listed elsewhere reaches the check of a medicine, and nothing else does."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from app.clinical import prescriptions, problems
from app.clinical.formulary import CheckKind, Outcome
from app.clinical.notes.body import SectionKey
from app.clinical.problems.releases import CodeRow
from app.dashboards import timeline
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.encounters import an_encounter
from tests.builders.formulary import the_starter
from tests.builders.notes import a_typed_note, signed
from tests.builders.prescriptions import LISINOPRIL, somebody
from tests.builders.problems import a_loaded_release, a_problem, a_release
from tests.builders.results import an_outside_result
from tests.conftest import FrozenClock

CARRYING = tuple(
    CodeRow(code=code, description=f"About {code}", billable=True, parent=None)
    for code in ("Z33.1", "O24.410", "Z34.90", "O80", "Z32.02")
)
METFORMIN = LISINOPRIL | {"name": "Metformin", "strength": "500 mg", "reason": None}


def filtration(value: float, **said: Any) -> dict[str, Any]:
    measured = {"code": "33914-3", "name": "eGFR", "value": value, "unit": "mL/min/1.73m2"}
    return {"status": "final", "observations": [measured | said]}


async def outcomes(
    works: Works, doctor: Actor, patient_id: UUID, kind: CheckKind, medicine: dict[str, Any]
) -> set[Outcome]:
    asked = prescriptions.DryCheck.model_validate({"patient_id": patient_id, "item": medicine})
    async with works.begin(doctor) as uow:
        found = await prescriptions.dry_check(uow, asked)
    return {finding.outcome for finding in found.items if finding.kind is kind}


async def test_the_latest_filtration_decides_about_the_kidneys(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    await the_starter(works)
    patient = await somebody(works, doctor)
    asked = (works, doctor, patient, CheckKind.RENAL, METFORMIN)
    assert await outcomes(*asked) == {Outcome.NOT_CHECKED}
    await an_outside_result(works, doctor, filtration(82), patient_id=patient)
    assert await outcomes(*asked) == {Outcome.NOTHING_FOUND}
    clock.advance(days=1)
    await an_outside_result(works, doctor, filtration(22), patient_id=patient)
    assert await outcomes(*asked) == {Outcome.WARNING}
    clock.advance(days=400)
    assert Outcome.NOT_CHECKED in await outcomes(*asked)


async def test_below_a_number_is_below_it(works: Works, doctor: Actor) -> None:
    await the_starter(works)
    patient = await somebody(works, doctor)
    below = filtration(30, comparator="<")
    await an_outside_result(works, doctor, below, patient_id=patient)
    assert Outcome.WARNING in await outcomes(works, doctor, patient, CheckKind.RENAL, METFORMIN)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("Z33.1", Outcome.WARNING),
        ("O24.410", Outcome.WARNING),
        ("Z34.90", Outcome.WARNING),
        ("O80", Outcome.NOT_CHECKED),
        ("Z32.02", Outcome.NOT_CHECKED),
        (None, Outcome.NOT_CHECKED),
    ],
)
async def test_a_listed_pregnancy_is_one_and_none_listed_is_not_known(
    works: Works, doctor: Actor, code: str | None, expected: Outcome
) -> None:
    await the_starter(works)
    patient = await somebody(works, doctor, sex="female", birth_date="1996-05-04")
    if code is not None:
        await a_loaded_release(works, a_release(CARRYING))
        await a_problem(works, doctor, patient, code=code)
    assert await outcomes(works, doctor, patient, CheckKind.PREGNANCY, LISINOPRIL) == {expected}


async def test_a_pregnancy_that_is_over_is_none(works: Works, doctor: Actor) -> None:
    await a_loaded_release(works, a_release(CARRYING))
    patient = await somebody(works, doctor, sex="female")
    listed = await a_problem(works, doctor, patient, code="Z33.1")
    async with works.begin(doctor) as uow:
        await problems.resolve_problem(uow, listed.id)
        assert await problems.active_codes(uow, patient) == frozenset()


async def test_the_weight_a_signed_note_says_counts_for_three_months(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    patient = await somebody(works, doctor)
    visit = await an_encounter(works, doctor, patient_id=patient)
    said = {SectionKey.VITALS: "Weight is 22 pounds.", SectionKey.DIAGNOSES: "Otitis media."}
    await signed(works, doctor, await a_typed_note(works, doctor, said, encounter_id=visit.id))
    assert await weight(works, doctor, patient) is None
    await timeline.rebuild(works, patient_id=patient)
    assert await weight(works, doctor, patient) == Decimal("9.97903214")
    clock.advance(days=91)
    assert await weight(works, doctor, patient) is None


async def weight(works: Works, doctor: Actor, patient_id: UUID) -> Decimal | None:
    wanted = prescriptions.MeasuresWanted(patient_id=patient_id)
    async with works.begin(doctor) as uow:
        await uow.ask_guards(wanted)
    return wanted.weight_kg
