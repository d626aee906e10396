"""Pages of screenings: who sees them, what they say, and when one takes the place of another."""

import pytest

from app import patients
from app.crisis import screenings
from app.crisis.screenings import Instrument
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.encounters import an_encounter
from tests.builders.patients import a_patient
from tests.builders.screenings import (
    ALL_NO,
    HIGH,
    PHQ_9_POSITIVE,
    a_completed_screening,
    a_demand,
    a_screening,
)
from tests.conftest import Client
from tests.web.page import Page

SYSTEM = Actor.system("detection")


@pytest.fixture
async def patient(works: Works, doctor: Actor) -> patients.Patient:
    return await a_patient(works, doctor)


async def test_a_result_says_its_level_its_rule_its_version_and_its_source(
    doctors_browser: Client, works: Works, doctor: Actor, patient: patients.Patient
) -> None:
    done = await a_completed_screening(works, doctor, patient.id, answers=HIGH)
    answer = await doctors_browser.get(f"/screenings/{done.id}")
    assert Page(answer.text).inline == []
    for said in (
        "high risk",
        "rule high-intent",
        "version 1, in effect since 01-Jan-2026",
        "Columbia-Suicide Severity Rating Scale",
        "The level is a floor",
    ):
        assert said in answer.text


async def test_a_negative_screen_is_never_called_no_risk(
    doctors_browser: Client, works: Works, doctor: Actor, patient: patients.Patient
) -> None:
    done = await a_completed_screening(works, doctor, patient.id, answers=ALL_NO)
    html = (await doctors_browser.get(f"/screenings/{done.id}")).text
    assert "negative screen" in html
    assert "not the absence of risk" in html
    assert "no risk" not in html.lower()


async def test_a_mistake_is_shown_as_one(
    doctors_browser: Client, works: Works, doctor: Actor, patient: patients.Patient
) -> None:
    done = await a_completed_screening(works, doctor, patient.id, answers=HIGH)
    async with works.begin(doctor) as uow:
        await screenings.enter_screening_in_error(uow, done.id, reason="Another patient.")
    html = (await doctors_browser.get(f"/screenings/{done.id}")).text
    assert "which counts for nothing any more" in html
    assert "Another patient." in html


async def test_the_list_offers_what_is_under_way_and_what_is_due(
    nurses_browser: Client, works: Works, doctor: Actor, patient: patients.Patient
) -> None:
    begun = await a_screening(works, doctor, patient.id, answers={"1": "no"})
    await a_completed_screening(works, doctor, patient.id, Instrument.PHQ_9, PHQ_9_POSITIVE)
    page = await nurses_browser.get(f"/patients/{patient.id}/screenings")
    assert f"/screenings/{begun.id}" in Page(page.text).pages
    assert "due now" in page.text
    assert "PHQ-9 total: 1 of 27, minimal" in page.text


async def test_what_is_due_comes_before_the_record_and_the_visit(
    doctors_browser: Client, works: Works, doctor: Actor, patient: patients.Patient
) -> None:
    encounter = await an_encounter(works, doctor, patient_id=patient.id)
    record, visit = f"/patients/{patient.id}", f"/encounters/{encounter.id}"
    assert (await doctors_browser.get(record)).status_code == 200
    await a_demand(works, SYSTEM, patient.id)
    interruption = f"/patients/{patient.id}/interruption"
    assert (await doctors_browser.get(record)).headers["location"] == interruption
    there = (await doctors_browser.get(visit)).headers["location"]
    assert there == f"{interruption}?encounter={encounter.id}"
    page = await doctors_browser.get(there)
    assert "C-SSRS screener (recent) is due" in page.text
    assert "Put it off" in page.text
    await a_completed_screening(works, doctor, patient.id)
    assert (await doctors_browser.get(there)).headers["location"] == visit
    assert (await doctors_browser.get(visit)).status_code == 200


async def test_an_open_page_is_told_only_what_is_due(
    doctors_browser: Client, works: Works, patient: patients.Patient
) -> None:
    fragment = f"/fragments/patients/{patient.id}/interruption"
    assert (await doctors_browser.get(fragment)).status_code == 204
    await a_demand(works, SYSTEM, patient.id)
    html = (await doctors_browser.get(fragment)).text
    assert "<html" not in html
    assert patient.mrn in html


async def test_the_desk_is_not_interrupted_and_sees_no_screening(
    desk_browser: Client, works: Works, doctor: Actor, patient: patients.Patient
) -> None:
    await a_demand(works, SYSTEM, patient.id)
    begun = await a_screening(works, doctor, patient.id)
    record = await desk_browser.get(f"/patients/{patient.id}")
    assert record.status_code == 200
    assert "creening" not in record.text.replace("screenings.css", "")
    assert (await desk_browser.get(f"/screenings/{begun.id}")).status_code == 403
    fragment = f"/fragments/patients/{patient.id}/interruption"
    assert (await desk_browser.get(fragment)).status_code == 204
