"""Planning pages: hours, exceptions, visit types and rooms, each for whom they concern."""

from datetime import date, datetime

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling import availability
from app.web.presenters.schedule import stretch
from tests.builders.availability import (
    Clinic,
    a_clinic,
    a_visit_type,
    a_week,
    an_exception,
    working_hours,
)
from tests.conftest import Client
from tests.web.page import Page


@pytest.fixture
async def clinic(works: Works, receptionist: Actor, doctor: Actor, other_doctor: Actor) -> Clinic:
    return await a_clinic(works, receptionist, doctor, other_doctor)


async def test_the_desk_plans_every_doctor(
    desk_browser: Client, clinic: Clinic, other_doctor: Actor
) -> None:
    first = await desk_browser.get("/schedule")
    assert "A week of Dr. Ada Winter" in first.text
    chosen = await desk_browser.get(f"/schedule?doctor={other_doctor.id}")
    assert chosen.headers["location"] == f"/schedule/{other_doctor.id}"
    page = await desk_browser.get(chosen.headers["location"])
    assert "A week of Dr. Berta Summer" in page.text
    assert page.text.count('value="08:00"') == 5
    assert Page(page.text).inline == []


async def test_doctors_plan_themselves_and_nobody_else(
    doctors_browser: Client, clinic: Clinic, other_doctor: Actor
) -> None:
    own = await doctors_browser.get("/schedule")
    assert "My working hours" in own.text
    assert "Dr. Berta Summer" not in own.text
    assert (await doctors_browser.get(f"/schedule/{other_doctor.id}")).status_code == 403
    assert (await doctors_browser.get("/schedule/clinic")).status_code == 403


async def test_a_nurse_plans_nothing_and_is_led_nowhere(
    nurses_browser: Client, clinic: Clinic
) -> None:
    assert (await nurses_browser.get("/schedule")).status_code == 403
    assert not any(link.startswith("/schedule") for link in Page(await home(nurses_browser)).pages)


async def home(browser: Client) -> str:
    return (await browser.get("/")).text


async def test_nobody_elses_hours_can_be_asked_for(
    desk_browser: Client, clinic: Clinic, receptionist: Actor
) -> None:
    assert (await desk_browser.get(f"/schedule/{receptionist.id}")).status_code == 404


async def test_without_doctors_the_desk_begins_with_the_clinic(desk_browser: Client) -> None:
    assert "Nothing can be booked before there is one" in (await desk_browser.get("/schedule")).text


async def test_the_week_that_is_valid_is_edited_and_a_later_one_on_request(
    desk_browser: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    summer = await working_hours(
        works,
        receptionist,
        clinic.doctor,
        a_week([("07:00", "12:00")]),
        valid_from=date(2026, 6, 1),
    )
    now = (await desk_browser.get("/schedule")).text
    assert "01-Jan-2020 to 31-May-2026" in now
    assert 'name="valid_from" type="date" required value="2026-03-02"' in now
    assert "07:00" not in now
    later = (await desk_browser.get(f"/schedule/{clinic.doctor.id}?week={summer.id}")).text
    assert 'name="valid_from" type="date" required value="2026-06-01"' in later
    assert later.count('value="07:00"') == 5


async def test_exceptions_are_told_and_each_role_takes_its_own_back(
    desk_browser: Client,
    doctors_browser: Client,
    works: Works,
    receptionist: Actor,
    clinic: Clinic,
) -> None:
    whole_days = {"starts_local": "2026-03-10T00:00", "ends_local": "2026-03-13T00:00"}
    morning = {"starts_local": "2026-03-20T09:00", "ends_local": "2026-03-20T11:30"}
    mine = {"practitioner_id": clinic.doctor.id}
    leave = await an_exception(works, receptionist, kind="leave", **mine, **whole_days)
    closed = await an_exception(works, receptionist, kind="closed", reason="painting", **morning)
    own = (await doctors_browser.get("/schedule")).text
    assert "Tue 10-Mar-2026 to Thu 12-Mar-2026" in own
    assert "Fri 20-Mar-2026 09:00 to 11:30" in own
    assert f"/availability-exceptions/{leave.id}/withdrawal" in own
    assert f"/availability-exceptions/{closed.id}/withdrawal" not in own
    desks = (await desk_browser.get("/schedule/clinic")).text
    assert "painting" in desks
    assert f"/availability-exceptions/{closed.id}/withdrawal" in desks


async def test_visit_types_say_how_long_and_who(
    desk_browser: Client, works: Works, receptionist: Actor, clinic: Clinic, other_doctor: Actor
) -> None:
    await a_visit_type(
        works, receptionist, "Group", 90, parallel=8, offered_by=[other_doctor.id], color="amber"
    )
    async with works.begin(receptionist) as uow:
        await availability.retire_room(uow, clinic.room.id)
    html = (await desk_browser.get("/schedule/clinic")).text
    assert "1 h 30 min, 8 patients at a time · Dr. Berta Summer" in html
    assert "30 min · every doctor" in html
    assert f"/api/v1/rooms/{clinic.room.id}/reinstatement" in html


@pytest.mark.parametrize(
    ("starts", "ends", "told"),
    [
        ("2026-03-02T00:00", "2026-03-03T00:00", "Mon 02-Mar-2026"),
        ("2026-03-02T00:00", "2026-03-04T00:00", "Mon 02-Mar-2026 to Tue 03-Mar-2026"),
        ("2026-03-02T08:00", "2026-03-02T12:00", "Mon 02-Mar-2026 08:00 to 12:00"),
        ("2026-03-02T08:00", "2026-03-03T12:00", "Mon 02-Mar-2026 08:00 to Tue 03-Mar-2026 12:00"),
    ],
)
def test_whole_days_are_told_as_days(starts: str, ends: str, told: str) -> None:
    assert stretch(datetime.fromisoformat(starts), datetime.fromisoformat(ends)) == told
