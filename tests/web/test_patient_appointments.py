"""A patient's appointments on the page of their record, and of their visit."""

from uuid import UUID

import pytest

from app.clinical import encounters
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling import appointments
from tests.builders.appointments import a_cancellation, an_appointment, at
from tests.builders.availability import Clinic, a_clinic
from tests.builders.patients import a_patient
from tests.builders.waiting_list import somebody_waiting
from tests.conftest import Client, FrozenClock
from tests.web.conftest import browsing
from tests.web.page import Page


@pytest.fixture
async def clinic(works: Works, receptionist: Actor, doctor: Actor) -> Clinic:
    return await a_clinic(works, receptionist, doctor)


@pytest.fixture
async def patient_id(works: Works, receptionist: Actor) -> UUID:
    return (await a_patient(works, receptionist)).id


def section(html: str, heading: str) -> str:
    return html.partition(f'aria-labelledby="{heading}"')[2].partition("</section>")[0]


async def shown(browser: Client, patient_id: UUID) -> str:
    return section((await browser.get(f"/patients/{patient_id}")).text, "h-appointments")


async def test_the_next_one_stands_first_and_leads_to_the_calendar(
    desk_browser: Client, works: Works, receptionist: Actor, clinic: Clinic, patient_id: UUID
) -> None:
    later = await an_appointment(
        works, receptionist, clinic, at("10:00", day=4), patient_id=patient_id
    )
    today = await an_appointment(works, receptionist, clinic, patient_id=patient_id)
    off = await an_appointment(
        works, receptionist, clinic, at("11:00", day=3), patient_id=patient_id
    )
    await a_cancellation(works, receptionist, off.id)
    found = await shown(desk_browser, patient_id)
    links = [link for link in Page(found).links if "appointment=" in link]
    assert links == [
        f"/calendar?date=2026-03-02&appointment={today.id}",
        f"/calendar?date=2026-03-03&appointment={off.id}",
        f"/calendar?date=2026-03-04&appointment={later.id}",
    ]
    assert "Mon 02-Mar-2026 10:00" in found
    assert "cancelled" in found
    assert "Earlier appointments" not in found
    assert "Start visit" not in found


async def test_what_is_past_stands_below(
    client: Client, works: Works, receptionist: Actor, clock: FrozenClock, clinic: Clinic
) -> None:
    booked = await an_appointment(works, receptionist, clinic)
    assert booked.patient_id is not None
    clock.advance(days=1)
    async with browsing(client, "receptionist") as desk:
        found = await shown(desk, booked.patient_id)
    assert "No appointment to come." in found
    assert "Mon 02-Mar-2026 10:00" in found.partition("Earlier appointments")[2]


async def test_past_ones_are_listed_latest_first(
    works: Works, receptionist: Actor, clinic: Clinic, patient_id: UUID
) -> None:
    times = [at("10:00", day=day) for day in (2, 3, 4)]
    for each in times:
        await an_appointment(works, receptionist, clinic, each, patient_id=patient_id)
    wanted = appointments.AppointmentFilter(
        patient_id=patient_id, starts_before=at("00:00", day=4), latest_first=True
    )
    async with works.begin(receptionist) as uow:
        found, _ = await appointments.list_appointments(uow, wanted)
    assert [one.starts_at for one in found] == [times[1], times[0]]


async def test_reminders_can_be_switched_off(desk_browser: Client, patient_id: UUID) -> None:
    assert "Send no more reminders" in await shown(desk_browser, patient_id)
    token = Page((await desk_browser.get("/")).text).metas["csrf-token"]
    answer = await desk_browser.put(
        f"/api/v1/patients/{patient_id}/reminder-preference",
        json={"opted_out": True},
        headers={"X-CSRF-Token": token},
    )
    assert answer.status_code == 200
    assert "Send reminders again" in await shown(desk_browser, patient_id)


async def test_what_a_patient_waits_for_is_told(
    desk_browser: Client, works: Works, receptionist: Actor, clinic: Clinic, patient_id: UUID
) -> None:
    await somebody_waiting(works, receptionist, clinic.visit_type.id, patient_id=patient_id)
    found = await shown(desk_browser, patient_id)
    assert "On the waiting list" in found
    assert "waiting, on the list since 02-Mar-2026" in found


async def test_a_visit_says_which_appointment_it_was(
    doctors_browser: Client, works: Works, doctor: Actor, clinic: Clinic
) -> None:
    planned = await an_appointment(works, doctor, clinic)
    assert planned.patient_id is not None
    assert "Start visit" in await shown(doctors_browser, planned.patient_id)
    async with works.begin(doctor) as uow:
        new = encounters.NewEncounter(appointment_id=planned.id)
        encounter = await encounters.start_encounter(uow, new)
    html = (await doctors_browser.get(f"/encounters/{encounter.id}")).text
    assert f"/calendar?date=2026-03-02&amp;appointment={planned.id}" in html
    assert "Appointment at" in html
    found = await shown(doctors_browser, planned.patient_id)
    assert f'href="/encounters/{encounter.id}"' in found
    assert "Start visit" not in found
