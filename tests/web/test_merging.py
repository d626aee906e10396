"""The pages on which two records become one."""

from datetime import date

import pytest

from app import patients
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.encounters import an_encounter
from tests.builders.patients import a_patient
from tests.conftest import Client, FrozenClock
from tests.web.conftest import browsing

Pair = tuple[patients.Patient, patients.Patient]


@pytest.fixture
async def pair(works: Works, doctor: Actor) -> Pair:
    """One woman registered twice: another first name, day and month the other way round."""
    mara = await a_patient(
        works, doctor, birth_date=date(1945, 7, 4), allergies=["latex"], phone=None
    )
    maria = await a_patient(
        works,
        doctor,
        given_name="Maria",
        birth_date=date(1945, 4, 7),
        allergies=["nuts"],
        email="maria@example.org",
    )
    return mara, maria


async def merged(
    works: Works, by: Actor, absorbed: patients.Patient, survivor: patients.Patient
) -> patients.PatientMerge:
    async with works.begin(by) as uow:
        return await patients.merge_patients(uow, absorbed.id, survivor.id, "one card, two records")


async def test_who_may_be_the_same_person_is_offered_first(
    desk_browser: Client, pair: Pair
) -> None:
    mara, maria = pair
    html = (await desk_browser.get(f"/patients/{mara.id}/merge")).text
    assert f'href="/patients/{mara.id}/merge/{maria.id}"' in html
    rows = await desk_browser.get(
        f"/patients/{mara.id}/merge?q=okafor", headers={"HX-Request": "true"}
    )
    assert "<html" not in rows.text
    assert f"/merge/{maria.id}" in rows.text
    assert f"/merge/{mara.id}" not in rows.text


async def test_both_records_stand_side_by_side(
    doctors_browser: Client,
    desk_browser: Client,
    works: Works,
    doctor: Actor,
    pair: Pair,
) -> None:
    mara, maria = pair
    await an_encounter(works, doctor, patient_id=maria.id)
    path = f"/patients/{mara.id}/merge/{maria.id}"
    html = (await doctors_browser.get(path)).text
    for said in ("latex", "nuts", "They were born on different days.", "maria@example.org"):
        assert said in html
    assert html.count("not taken over") == 2
    assert "1 visit, the latest on 02-Mar-2026" in html
    assert f'href="/patients/{maria.id}/merge/{mara.id}"' in html
    desk = (await desk_browser.get(path)).text
    assert "nuts" not in desk
    assert "doctors and nurses see them" in desk


async def test_an_absorbed_record_leads_to_the_one_that_counts(
    desk_browser: Client,
    works: Works,
    receptionist: Actor,
    pair: Pair,
) -> None:
    mara, maria = pair
    merge = await merged(works, receptionist, maria, mara)
    for path, target in (
        (f"/patients/{maria.id}", f"/patients/{mara.id}"),
        (f"/patients/{maria.id}/edit", f"/patients/{mara.id}/edit"),
        (f"/patients/{maria.id}/merge", f"/patients/{mara.id}/merge"),
        (f"/patients/{mara.id}/merge/{maria.id}", f"/patients/{mara.id}"),
    ):
        answer = await desk_browser.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, target)
    html = (await desk_browser.get(f"/patients/{mara.id}")).text
    assert f"/api/v1/patients/merges/{merge.id}/reversal" in html
    assert "Merged records" in html


async def test_a_day_later_nothing_is_offered_but_the_record_is_still_named(
    works: Works,
    client: Client,
    receptionist: Actor,
    pair: Pair,
    clock: FrozenClock,
) -> None:
    mara, maria = pair
    await merged(works, receptionist, maria, mara)
    clock.advance(hours=25)
    async with browsing(client, "receptionist") as desk:
        html = (await desk.get(f"/patients/{mara.id}")).text
    assert "Take the merge back" not in html
    assert f"{maria.mrn}: Okafor-Lind, Maria, born 07-Apr-1945" in html
