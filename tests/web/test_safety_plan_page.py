"""The pages of a safety plan: to begin, to write, to print, to compare."""

import re

from app.crisis import safety_plans
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.patients import a_patient
from tests.builders.safety_plans import a_published_plan, published, typed
from tests.conftest import Client
from tests.web.page import Page


async def test_looking_begins_nothing(doctors_browser: Client, works: Works, doctor: Actor) -> None:
    patient = await a_patient(works, doctor)
    answer = await doctors_browser.get(f"/patients/{patient.id}/safety-plan")
    assert "There is no safety plan yet" in answer.text
    async with works.begin(doctor) as uow:
        assert await safety_plans.plans_of(uow, patient.id) == []
    for part in ("print", "compare?number=1"):
        answer = await doctors_browser.get(f"/patients/{patient.id}/safety-plan/{part}")
        assert answer.headers["location"] == f"/patients/{patient.id}/safety-plan"


async def test_six_steps_in_their_order_and_nothing_inline(
    nurses_browser: Client, works: Works, nurse: Actor
) -> None:
    version = await a_published_plan(works, nurse)
    answer = await nurses_browser.get(f"/patients/{version.patient_id}/safety-plan")
    assert answer.status_code == 200
    assert re.findall(r'step-number">(\d)<', answer.text) == list("123456")
    assert "988" in answer.text
    assert "Source: " in answer.text
    assert "01-Apr-2026" in answer.text
    assert Page(answer.text).inline == []


async def test_the_patients_copy_has_no_record_number(
    doctors_browser: Client, works: Works, doctor: Actor
) -> None:
    version = await a_published_plan(works, doctor)
    answer = await doctors_browser.get(f"/patients/{version.patient_id}/safety-plan/print")
    assert "My sister: 555-0101" in answer.text
    assert "MRN-" not in answer.text
    assert str(version.plan_id) not in answer.text


async def test_only_what_differs_is_compared(
    doctors_browser: Client, works: Works, doctor: Actor
) -> None:
    version = await a_published_plan(works, doctor)
    async with works.begin(doctor) as uow:
        plan = await safety_plans.read_plan(uow, version.plan_id)
    at = f"/patients/{version.patient_id}/safety-plan/compare?number=1"
    assert "Both say the same." in (await doctors_browser.get(at)).text
    newer = await typed(works, doctor, plan, alone="Ring the bell")
    answer = await doctors_browser.get(at)
    assert "<del>Walk to the river</del>" in answer.text
    assert "<ins>Ring the bell</ins>" in answer.text
    assert "My sister" not in answer.text
    await published(works, doctor, newer)
    assert "<ins>Ring the bell</ins>" in (await doctors_browser.get(f"{at}&to=2")).text


async def test_it_is_for_clinicians(desk_browser: Client, works: Works, doctor: Actor) -> None:
    patient = await a_patient(works, doctor)
    answer = await desk_browser.get(f"/patients/{patient.id}/safety-plan")
    assert answer.status_code == 403
    assert "safety-plan" not in (await desk_browser.get(f"/patients/{patient.id}")).text
