"""Calendars of working time over HTTP."""

from typing import Any

import pytest

from tests.conftest import Client

CALENDARS = "/api/v1/work-calendars"
SPAN = {"weekday": 1, "opens": "08:00", "closes": "17:00"}
NEW = {"If-Match": '"0"'}


def week(**more: Any) -> dict[str, Any]:
    return {"name": "Mondays", "spans": [SPAN], **more}


async def test_a_calendar_is_made_read_and_changed(as_admin: Client) -> None:
    made = await as_admin.put(f"{CALENDARS}/mondays", json=week(), headers=NEW)
    assert made.status_code == 200, made.text
    assert made.headers["ETag"] == '"1"'
    assert made.json()["spans"] == [SPAN]
    closed = await as_admin.post(
        f"{CALENDARS}/mondays/closures", json={"closed_on": "2026-12-28", "name": "Holiday"}
    )
    assert closed.status_code == 201, closed.text
    assert closed.json()["closures"] == [{"closed_on": "2026-12-28", "name": "Holiday"}]
    read = await as_admin.get(f"{CALENDARS}/mondays")
    assert read.json() == closed.json()
    opened = await as_admin.delete(f"{CALENDARS}/mondays/closures/2026-12-28")
    assert opened.json()["closures"] == []
    stale = await as_admin.put(f"{CALENDARS}/mondays", json=week(), headers=NEW)
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/calendar-changed")
    unread = await as_admin.put(f"{CALENDARS}/mondays", json=week())
    assert unread.status_code == 428


async def test_all_staff_read_calendars_and_only_administrators_change_them(
    as_nurse: Client,
) -> None:
    listed = await as_nurse.get(CALENDARS)
    assert [each["key"] for each in listed.json()["items"]] == ["always", "office-hours"]
    refused = await as_nurse.put(f"{CALENDARS}/mondays", json=week(), headers=NEW)
    assert (refused.status_code, refused.json()["type"]) == (
        403,
        "/problems/may-not-keep-calendars",
    )


@pytest.mark.parametrize(
    ("body", "at"),
    [
        (week(spans=[]), ["body", "spans"]),
        (week(spans=[SPAN, SPAN]), ["body"]),
        (week(spans=[SPAN | {"closes": "08:00"}]), ["body", "spans", 0]),
        (week(spans=[SPAN | {"closes": "25:00"}]), ["body", "spans", 0, "closes"]),
        (week(spans=[SPAN | {"weekday": 8}]), ["body", "spans", 0, "weekday"]),
        (week(name=""), ["body", "name"]),
        (week(colour="red"), ["body"]),
    ],
)
async def test_what_no_calendar_can_say_is_refused_by_field(
    as_admin: Client, body: dict[str, Any], at: list[str | int]
) -> None:
    answer = await as_admin.put(f"{CALENDARS}/mondays", json=body, headers=NEW)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["at"] == at


async def test_day_and_night_is_not_for_changing(as_admin: Client) -> None:
    answer = await as_admin.put(f"{CALENDARS}/always", json=week(), headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/calendar-fixed")
    nowhere = await as_admin.get(f"{CALENDARS}/nowhere")
    assert (nowhere.status_code, nowhere.json()["type"]) == (404, "/problems/calendar-not-found")
