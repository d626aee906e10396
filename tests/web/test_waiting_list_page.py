"""The waiting list as a page: the order of asking, what suits whom, offers with their answers."""

from datetime import UTC, date, datetime

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling import waiting_list
from app.scheduling.rules import DEFAULT_RULES
from app.web.presenters.waiting_list import search, suits
from tests.builders.appointments import at
from tests.builders.availability import Clinic, a_clinic
from tests.builders.patients import a_patient
from tests.builders.waiting_list import somebody_waiting
from tests.conftest import Client, FrozenClock
from tests.web.conftest import browsing
from tests.web.page import Page


@pytest.fixture
async def clinic(works: Works, receptionist: Actor, doctor: Actor, other_doctor: Actor) -> Clinic:
    return await a_clinic(works, receptionist, doctor, other_doctor)


async def waiting(
    works: Works, by: Actor, clinic: Clinic, name: str, **wish: object
) -> waiting_list.WaitingListEntry:
    patient = await a_patient(works, by, given_name="Mara", family_name=name)
    return await somebody_waiting(works, by, clinic.visit_type.id, patient_id=patient.id, **wish)


async def offered(
    works: Works, by: Actor, clinic: Clinic, entry: waiting_list.WaitingListEntry
) -> waiting_list.TimeOffer:
    new = waiting_list.NewOffer(practitioner_id=clinic.doctor.id, starts_at=at("10:00"))
    async with works.begin(by) as uow:
        return await waiting_list.offer_by_hand(uow, entry.id, new, DEFAULT_RULES)


async def test_the_urgent_come_first_and_then_who_waits_longest(
    desk_browser: Client,
    works: Works,
    receptionist: Actor,
    clinic: Clinic,
    clock: FrozenClock,
) -> None:
    await waiting(works, receptionist, clinic, "Early")
    clock.advance(minutes=5)
    await waiting(works, receptionist, clinic, "Late")
    await waiting(works, receptionist, clinic, "Urgent", urgency="urgent")
    html = (await desk_browser.get("/waiting-list")).text
    assert html.index("Mara Urgent") < html.index("Mara Early") < html.index("Mara Late")
    assert Page(html).inline == []
    assert "for 0 days" not in html
    assert "since today" in html


async def test_an_open_offer_says_when_how_long_and_asks_for_the_answer(
    desk_browser: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    entry = await waiting(works, receptionist, clinic, "Asked")
    offer = await offered(works, receptionist, clinic, entry)
    html = (await desk_browser.get("/fragments/waiting-list?view=open")).text
    assert "<html" not in html
    assert html.index("Being asked") < html.index("Mara Asked")
    assert html.count("Mara Asked</a>") == 1
    assert "Mon 02-Mar 10:00" in html
    assert 'data-left="' in html
    assert f"/waiting-list/offers/{offer.id}/acceptance" in html
    assert f"/waiting-list/offers/{offer.id}/refusal" in html


async def test_the_list_is_narrowed_to_a_doctor_and_to_those_who_left(
    desk_browser: Client, works: Works, receptionist: Actor, clinic: Clinic, other_doctor: Actor
) -> None:
    mine = {"practitioner_id": clinic.doctor.id}
    await waiting(works, receptionist, clinic, "Ada", **mine)
    await waiting(works, receptionist, clinic, "Berta", practitioner_id=other_doctor.id)
    gone = await waiting(works, receptionist, clinic, "Gone")
    async with works.begin(receptionist) as uow:
        await waiting_list.withdraw_entry(uow, gone.id, reason=None)
    of_doctor = (await desk_browser.get(f"/waiting-list?doctor={clinic.doctor.id}")).text
    assert "Mara Ada" in of_doctor
    assert "Mara Berta" not in of_doctor
    left = (await desk_browser.get("/waiting-list?view=withdrawn&doctor=")).text
    assert "Mara Gone" in left
    assert "Mara Ada" not in left
    assert "Change or withdraw" not in left


async def test_administrators_read_and_keep_nothing(
    client: Client, admin: Actor, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    await waiting(works, receptionist, clinic, "Somebody")
    async with browsing(client, "admin") as browser:
        html = (await browser.get("/waiting-list")).text
    assert "Mara Somebody" in html
    assert "Add a patient" not in html
    assert "data-post" not in html


async def test_an_unreadable_filter_is_told(desk_browser: Client) -> None:
    assert (await desk_browser.get("/waiting-list?view=everything")).status_code == 422
    assert (await desk_browser.get("/waiting-list?doctor=nobody")).status_code == 422


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({}, "any time"),
        ({"weekdays": [1, 3]}, "Mon, Wed"),
        ({"from_time": "08:00", "until_time": "12:00"}, "08:00 to 12:00"),
        ({"from_time": "08:00"}, "from 08:00"),
        ({"until_time": "12:00", "not_after": date(2026, 3, 31)}, "until 12:00, by 31-Mar-2026"),
        ({"not_before": date(2026, 3, 9)}, "not before 09-Mar-2026"),
    ],
)
def test_what_suits_is_told_in_a_few_words(wish: dict, told: str) -> None:  # type: ignore[type-arg]
    assert suits(an_entry(**wish)) == told


@pytest.mark.parametrize(
    ("wish", "asked"),
    [
        ({"until_time": "12:00"}, {"part_of_day": "morning"}),
        ({"from_time": "13:00"}, {"part_of_day": "afternoon"}),
        ({"from_time": "10:00", "until_time": "15:00"}, {}),
        ({"not_after": date(2026, 3, 31)}, {"to": "2026-04-01"}),
        ({"not_before": date(2026, 3, 9), "weekdays": [2]}, {"from": "2026-03-09", "weekday": [2]}),
    ],
)
def test_a_time_is_looked_for_as_it_was_wished(
    wish: dict[str, object], asked: dict[str, object]
) -> None:
    usual = {"visit_type_id", "patient_id", "specialty"}
    found = search(an_entry(**wish))
    assert {name: value for name, value in found.items() if name not in usual} == asked


def an_entry(**wish: object) -> waiting_list.EntryOut:
    """The example of the API with nothing wished for but this."""
    example = waiting_list.EntryOut.model_json_schema()["examples"][0]
    nothing = {"weekdays": [], "from_time": None, "until_time": None, "not_after": None}
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    times = {"created_at": moment, "updated_at": moment, "offer": None}
    return waiting_list.EntryOut.model_validate(example | nothing | times | wish)
