"""Pages of results: what waits, what a patient has, one result, and the form it is entered with."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from app.clinical.results import PointOut, SeriesOut, WholeReport
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.web.presenters.result_page import earlier_values
from tests.builders.results import (
    CRITICAL,
    a_result,
    acknowledged,
    an_ordered_item,
    an_outside_result,
    called,
    corrected,
    potassium,
)
from tests.conftest import Client, FrozenClock
from tests.web.conftest import browsing
from tests.web.page import Page


async def read(browser: Client, path: str) -> str:
    answer = await browser.get(path)
    assert answer.status_code == 200, answer.text
    assert Page(answer.text).inline == []
    return " ".join(answer.text.split())


async def test_what_waits_says_its_age_its_flag_and_whose_it_is(
    client: Client, works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    async with browsing(client, "doctor") as browser:
        assert "No result waits for you." in await read(browser, "/results")
    await a_result(works, doctor, CRITICAL)
    clock.advance(days=3)
    async with browsing(client, "doctor") as browser:
        html = await read(browser, "/results")
    for said in ("critical high", "6.8 mmol/L", "ageing, for 3 days", "Okafor-Lind, Mara",
                 "born 14-Jul-1945", "record the call"):  # fmt: skip
        assert said in html, said
    clock.advance(days=4)
    async with browsing(client, "doctor") as browser:
        assert "overdue, for 7 days" in await read(browser, "/results")


async def test_a_result_shows_what_changed_who_was_told_and_what_comes_before(
    doctors_browser: Client, works: Works, doctor: Actor, nurse: Actor
) -> None:
    report = await a_result(works, doctor, potassium(5.4, collected_at="2026-02-20T08:00:00Z"))
    await an_outside_result(
        works,
        doctor,
        potassium(4.4, collected_at="2026-02-10T08:00:00Z"),
        patient_id=report.patient_id,
    )
    await corrected(works, doctor, report, 6.8, collected_at="2026-02-20T08:00:00Z")
    at = f"/results/{report.id}"
    html = await read(doctors_browser, at)
    for said in ("Version 2", "What changed from version 1", "5.4 mmol/L (from 3.5 to 5.1)",
                 "4.4 on 10-Feb-2026", "the laboratory&#39;s own range", "Potassium over time",
                 "The call is not recorded as read back. It is not acknowledged."):  # fmt: skip
        assert said in html, said
    await called(works, nurse, report.id, 2, told_name="Dr. Summer")
    await acknowledged(works, doctor, report.id, 2, note="Bring her in.")
    html = await read(doctors_browser, at)
    for said in ("Dr. Summer", "read back", "Acknowledged by Dr. Ada Winter", "Bring her in."):
        assert said in html, said
    assert "Acknowledge version" not in html
    again = await read(doctors_browser, f"{at}/again")
    assert 'value="6.8"' in again
    assert "Corrected" in again


async def test_a_patients_page_lists_results_trends_and_what_is_awaited(
    nurses_browser: Client, works: Works, doctor: Actor
) -> None:
    item_id = await an_ordered_item(works, doctor, key="bmp")
    form = await read(nurses_browser, f"/results/enter/{item_id}")
    assert form.count('data-part="value"') == 9  # eight of the panel, one to add
    assert "usual 3.5 to 5" in form
    report = await a_result(works, doctor)
    page = f"/patients/{report.patient_id}/results"
    html = await read(nurses_browser, page)
    assert "Nothing ordered is open." in html
    assert "What is measured twice is drawn here." in html
    await an_outside_result(works, doctor, potassium(5.4), patient_id=report.patient_id)
    html = await read(nurses_browser, page)
    assert "<polyline" in html
    assert "not acknowledged" in html
    waiting = await read(nurses_browser, "/results")
    assert "No result waits for you." in waiting


async def test_the_desk_sees_no_page_of_results(
    desk_browser: Client, works: Works, doctor: Actor
) -> None:
    report = await a_result(works, doctor)
    for path in (
        "/results",
        f"/results/{report.id}",
        f"/results/{report.id}/again",
        f"/results/enter/{report.order_item_id}",
        f"/patients/{report.patient_id}/results",
    ):
        assert (await desk_browser.get(path)).status_code == 403


async def test_what_is_reported_again_begins_with_when_the_sample_was_taken(
    client: Client, works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    said = potassium(5.4, collected_at="2026-03-01T07:10:00Z")
    known = await a_result(works, doctor, said)
    unknown = await a_result(works, doctor, potassium(5.4))
    clock.advance(days=1)
    async with browsing(client, "doctor") as browser:
        html = await read(browser, f"/results/{known.id}/again")
        assert 'type="datetime-local" value="2026-03-01T07:10"' in html
        html = await read(browser, f"/results/{unknown.id}/again")
        assert 'type="datetime-local" value=""' in html
        assert 'name="after" value="1"' in html


def test_the_day_of_the_value_before_is_the_clinics() -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    point = PointOut.model_validate(PointOut.model_config["json_schema_extra"]["examples"][0])
    mine = point.model_copy(update={"at": late + timedelta(days=1)})
    before = point.model_copy(update={"at": late, "result_id": uuid4(), "value": 4.1})
    series = SeriesOut(code="2823-3", name="Potassium", unit="mmol/L", points=[before, mine])
    report = WholeReport.model_validate(
        WholeReport.model_config["json_schema_extra"]["examples"][0]
    )
    report = report.model_copy(update={"id": mine.result_id})
    found = earlier_values(report, [series], ZoneInfo("Europe/Vienna"))
    assert found == {"2823-3": "4.1 on 02-Mar-2026"}
