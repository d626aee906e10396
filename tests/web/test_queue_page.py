"""The queue as a page: the order of work, words for deadlines, whose hands, what may be done."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.web.presenters.queue_times import Watch
from app.work_queues import alerts, items, tasks
from app.work_queues.items import Severity, WorkItem
from tests.builders.identity import a_user
from tests.builders.patients import a_patient
from tests.conftest import Client, FrozenClock
from tests.web.conftest import browsing
from tests.web.page import Page

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WATCH = Watch(NOW, ZoneInfo("UTC"))


async def a_task(works: Works, by: Actor, title: str, **said: object) -> WorkItem:
    async with works.begin(by) as uow:
        return await tasks.add_task(uow, tasks.NewTask(title=title, **said))  # type: ignore[arg-type]


async def an_alert(works: Works, by: Actor, title: str, **said: object) -> WorkItem:
    async with works.begin(by) as uow:
        return await alerts.raise_alert(uow, alerts.NewAlert(title=title, **said))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("due_in", "text", "nearness"),
    [
        (timedelta(minutes=12, seconds=30), "breaches in 12 min", "near"),
        (timedelta(minutes=15), "breaches in 15 min", "near"),
        (timedelta(seconds=20), "breaches in less than a minute", "near"),
        (timedelta(minutes=40), "breaches in 40 min", "soon"),
        (timedelta(hours=5), "due 14:00", "later"),
        (timedelta(days=1), "due tomorrow 09:00", "later"),
        (timedelta(days=4), "due Fri 09:00", "later"),
        (timedelta(days=9), "due Wed 11-Mar 09:00", "later"),
        (-timedelta(seconds=5), "breached just now", "over"),
        (-timedelta(minutes=5), "breached 5 min ago", "over"),
        (-timedelta(hours=2, minutes=5), "breached 2 h 5 min ago", "over"),
        (-timedelta(days=1, hours=3), "breached 1 day ago", "over"),
    ],
)
def test_deadlines_are_told_in_words(due_in: timedelta, text: str, nearness: str) -> None:
    told = WATCH.countdown(NOW + due_in)
    assert (told.text, told.nearness) == (text, nearness)


def test_what_has_no_deadline_says_so() -> None:
    assert WATCH.countdown(None).text == "no deadline"


async def test_rows_come_by_severity_then_deadline(
    nurses_browser: Client, works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    soon, late = clock.at + timedelta(hours=1), clock.at + timedelta(hours=2)
    await a_task(works, doctor, "Late of medium", due_at=late)
    await a_task(works, doctor, "Soon of medium", due_at=soon)
    await an_alert(works, doctor, "The critical one", severity=Severity.CRITICAL)
    html = (await nurses_browser.get("/queue")).text
    order = [html.index(each) for each in ("The critical one", "Soon of medium", "Late of medium")]
    assert order == sorted(order)
    assert Page(html).inline == []
    assert "3 rows" in html


async def test_what_others_hold_is_not_to_do_but_open(
    nurses_browser: Client, works: Works, doctor: Actor
) -> None:
    other = await a_user(works, Role.NURSE, username="olaf", full_name="Olaf Brandner")
    task = await a_task(works, doctor, "Change the dressing")
    async with works.begin(other) as uow:
        await items.claim(uow, task.id)
    assert "Change the dressing" not in (await nurses_browser.get("/queue")).text
    html = (await nurses_browser.get("/queue", params={"state": "open"})).text
    assert "Change the dressing" in html
    assert "<strong>Olaf Brandner</strong> since" in html


async def test_who_was_called_in_finds_the_buttons_in_the_row(
    nurses_browser: Client, works: Works, nurse: Actor, doctor: Actor
) -> None:
    alert = await an_alert(works, doctor, "Nobody came", assignee_id=doctor.id)
    asked = {"state": "open"}
    html = (await nurses_browser.get("/queue", params=asked)).text
    assert 'data-move="acknowledge"' not in html
    async with works.begin(doctor) as uow:
        (await items.find_item(uow, alert.id, lock=True)).called = [nurse.id]
    html = (await nurses_browser.get("/queue", params=asked)).text
    assert 'data-move="acknowledge"' in html


async def test_a_row_that_left_says_who_took_it(
    nurses_browser: Client, works: Works, doctor: Actor
) -> None:
    other = await a_user(works, Role.NURSE, username="olaf", full_name="Olaf Brandner")
    task = await a_task(works, doctor, "Change the dressing")
    still_here = await a_task(works, doctor, "Order gauze")
    async with works.begin(other) as uow:
        await items.claim(uow, task.id)
    asked = {"id": [str(task.id), str(still_here.id)]}
    html = (await nurses_browser.get("/fragments/queue/rows", params=asked)).text
    assert f'data-gone="{task.id}">taken by Olaf Brandner<' in html
    assert "Order gauze" in html


async def test_rows_of_others_are_not_told(
    desk_browser: Client, works: Works, doctor: Actor
) -> None:
    task = await a_task(works, doctor, "Change the dressing")
    answer = await desk_browser.get("/fragments/queue/rows", params={"id": str(task.id)})
    assert "not yours to see any more" in answer.text
    assert "Change the dressing" not in answer.text
    assert (await desk_browser.get(f"/fragments/queue/items/{task.id}")).status_code == 404


async def test_the_address_says_nothing_of_a_patient_but_an_id(
    nurses_browser: Client, works: Works, doctor: Actor
) -> None:
    patient = await a_patient(works, doctor)
    await a_task(works, doctor, "Change the dressing", patient_id=patient.id)
    await a_task(works, doctor, "Order gauze")
    answer = await nurses_browser.get("/queue", params={"patient_id": str(patient.id)})
    assert "Change the dressing" in answer.text
    assert "Order gauze" not in answer.text
    assert all("Okafor" not in link for link in Page(answer.text).links)


async def test_the_panel_says_what_comes_next_and_what_was(
    nurses_browser: Client, works: Works, doctor: Actor
) -> None:
    alert = await an_alert(works, doctor, "Potassium 6.8", severity=Severity.CRITICAL)
    html = (await nurses_browser.get(f"/fragments/queue/items/{alert.id}")).text
    assert "Doctors on duty, on the page" in html
    assert "opened by" in html
    assert 'data-move="snooze"' not in html  # what is critical does not wait
    assert 'data-move="acknowledge"' in html


async def test_an_empty_queue_says_what_to_do(nurses_browser: Client) -> None:
    html = (await nurses_browser.get("/queue")).text
    assert "Nothing waits for you." in html
    html = (await nurses_browser.get("/queue", params={"severity": "low"})).text
    assert "Clear all filters" in html


async def test_the_first_page_says_what_waits(
    nurses_browser: Client, works: Works, doctor: Actor
) -> None:
    assert "Nothing waits for you or your pools." in (await nurses_browser.get("/")).text
    await an_alert(works, doctor, "Potassium 6.8", severity=Severity.CRITICAL)
    html = (await nurses_browser.get("/")).text
    assert "<strong>1</strong> critical" in html


@pytest.mark.parametrize("place", ["board", "ladders"])
async def test_nurses_have_no_board_and_keep_no_ladders(nurses_browser: Client, place: str) -> None:
    assert (await nurses_browser.get(f"/queue/{place}")).status_code == 403
    assert f"/queue/{place}" not in Page((await nurses_browser.get("/queue")).text).links


async def test_everything_around_the_queue_is_shown_without_anything_inline(
    client: Client, works: Works, doctor: Actor
) -> None:
    await a_user(works, Role.ADMIN)
    await a_task(works, doctor, "Change the dressing")
    async with browsing(client, "admin") as admin:
        for path in ("/queue", "/queue/board", "/queue/roster", "/queue/ladders"):
            answer = await admin.get(path)
            assert answer.status_code == 200, path
            assert Page(answer.text).inline == [], path
