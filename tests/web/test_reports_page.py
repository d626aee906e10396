"""Mandatory reports as pages: deadlines in words, what is unverified, and what is a draft."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.crisis import reports
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.web.presenters.report_words import Wall
from tests.builders.crisis_reports import a_filing, a_suspicion
from tests.builders.patients import a_patient
from tests.conftest import Client, FrozenClock
from tests.web.page import Page

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "nearness", "words"),
    [
        (timedelta(days=5), "later", "within 5 days"),
        (timedelta(hours=35, minutes=20), "later", "within 35 hours 20 minutes"),
        (timedelta(hours=12), "soon", "within 12 hours"),
        (timedelta(minutes=45), "near", "within 45 minutes"),
        (timedelta(seconds=20), "near", "within a minute"),
        (timedelta(), "over", "late by a minute"),
        (-timedelta(hours=3), "over", "late by 3 hours"),
    ],
)
def test_a_deadline_is_words_a_sign_and_a_colour(
    left: timedelta, nearness: str, words: str
) -> None:
    told = Wall(NOON, ZoneInfo("UTC")).deadline(NOON + left, at_once=False)
    assert (told.nearness, told.text) == (nearness, words)
    assert told.icon in {"over", "near", "clock"}


def test_what_is_due_at_once_is_never_called_late() -> None:
    wall = Wall(NOON, ZoneInfo("America/Los_Angeles"))
    told = wall.deadline(NOON - timedelta(hours=2), at_once=True)
    assert told.text == "now, as soon as practicable, 2 hours since it became known"
    assert told.when.text == "02-Mar-2026 02:00"


async def test_a_draft_says_so_on_paper_until_it_is_filed(
    doctors_browser: Client, works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    (report_id,) = await a_suspicion(works, doctor)
    draft = (await doctors_browser.get(f"/reports/{report_id}/print")).text
    assert "DRAFT: this has not been filed." in draft
    async with works.begin(doctor) as uow:
        await reports.file_written_report(uow, report_id, a_filing(clock.at))
    filed = (await doctors_browser.get(f"/reports/{report_id}/print")).text
    assert "DRAFT" not in filed
    assert "Filed: sent 02-Mar-2026 09:00" in filed
    assert Page(filed).inline == []


async def test_what_is_proposed_names_recipients_limits_source_and_doubts(
    doctors_browser: Client,
) -> None:
    asked = {"kind": "elder-abuse-facility-physical", "formed": "2026-03-02T08:00"}
    html = (await doctors_browser.get("/fragments/report-proposals", params=asked)).text
    for said in (
        "each of: Local law enforcement",
        "within 2 hours",
        "CDPH AFL 24-09",
        "Unverified",
    ):
        assert said in html
    for asked, said in (
        ({}, "Choose what you suspect"),
        ({"kind": "child-abuse", "formed": "2026-03-02T23:00"}, "still to come"),
        ({"kind": "child-abuse", "formed": "nonsense"}, "Choose what you suspect"),
        ({"kind": "child-abuse", "formed": "0001-01-01T00:00"}, "Choose what you suspect"),
        (
            {"kind": "elder-abuse", "formed": "2026-03-02T08:00", "jurisdiction": "US-TX"},
            "ask compliance",
        ),
    ):
        html = (await doctors_browser.get("/fragments/report-proposals", params=asked)).text
        assert said in html


async def test_only_clinicians_are_offered_to_say_what_they_suspect(
    doctors_browser: Client, desk_browser: Client, works: Works, doctor: Actor
) -> None:
    patient = await a_patient(works, doctor)
    at = f"/patients/{patient.id}/suspicion"
    assert at in Page((await doctors_browser.get(f"/patients/{patient.id}")).text).links
    assert at not in Page((await desk_browser.get(f"/patients/{patient.id}")).text).links
    assert (await desk_browser.get(at)).status_code == 403
    form = (await doctors_browser.get(f"{at}?encounter_id={doctor.id}")).text
    assert f'name="encounter_id" value="{doctor.id}"' in form
