"""The month as a picture: bars of the right height, words for those who cannot see them."""

import re
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling.appointments import DayCell, MonthOut, rebuild_days
from app.web.presenters.month import month_page
from tests.builders.appointments import an_appointment, at
from tests.builders.availability import a_clinic, an_exception
from tests.conftest import Client
from tests.web.page import Page

SOMEBODY = UUID("0198b1c6-0000-7000-8000-000000000001")
QUIET = {"booked": 0, "finished": 0, "noshow": 0, "cancelled": 0, "booked_minutes": 0}


def a_month(*cells: dict[str, int | None]) -> MonthOut:
    """From the first of March on, one doctor."""
    days = [date(2026, 3, number) for number in range(1, len(cells) + 1)]
    told = [
        DayCell.model_validate(QUIET | {"open_minutes": 480, "date": day} | cell)
        for day, cell in zip(days, cells, strict=True)
    ]
    return MonthOut.model_validate(
        {
            "zone": "UTC",
            "month": "2026-03",
            "days": days,
            "practitioners": [{"id": SOMEBODY, "name": "Dr. Ada Winter", "cells": told}],
            "refreshed_at": datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
            "behind_since": None,
        }
    )


@pytest.mark.parametrize(
    ("cell", "kind", "heights", "said"),
    [
        ({"booked": 3, "booked_minutes": 240}, "usual", (28, 14), "4 h of 8 h booked"),
        ({"booked": 1, "booked_minutes": 5}, "usual", (28, 1), "1 appointment, 5 min of 8 h"),
        ({"open_minutes": 0}, "off", (0, 0), "0 appointments, not open"),
        ({"open_minutes": None, "booked_minutes": 480}, "unknown", (0, 28), "hours not known"),
        (
            {"open_minutes": 240, "booked_minutes": 480},
            "over",
            (14, 28),
            "8 h of 4 h booked",
        ),
        (
            {"open_minutes": 0, "booked": 1, "booked_minutes": 480},
            "over",
            (0, 28),
            "8 h booked outside of hours",
        ),
        ({"noshow": 2, "cancelled": 1}, "usual", (28, 0), "2 no-shows, 1 cancelled"),
    ],
)
def test_a_bar_shows_what_is_open_and_what_is_booked(
    cell: dict[str, int | None], kind: str, heights: tuple[int, int], said: str
) -> None:
    page = month_page(a_month(cell), ZoneInfo("UTC"), date(2026, 3, 2))
    [bar] = page.rows[0].bars
    assert (bar.kind, (bar.open, bar.booked)) == (kind, heights)
    assert bar.label.startswith("Dr. Ada Winter, Sunday 01-Mar-2026: ")
    assert said in bar.label


def test_the_months_around_it_and_the_doctors_share() -> None:
    found = a_month({"booked": 2, "booked_minutes": 120}, {})
    page = month_page(found, ZoneInfo("Europe/Vienna"), date(2026, 3, 2))
    assert (page.title, page.previous, page.next) == ("March 2026", "2026-02", "2026-03")
    assert (page.rows[0].number, page.rows[0].share) == (2, "12 %")
    assert page.counted is not None
    assert page.counted.text == "10:00"


async def test_every_day_leads_to_the_calendar_of_that_day(
    desk_browser: Client, works: Works, receptionist: Actor, doctor: Actor
) -> None:
    clinic = await a_clinic(works, receptionist, doctor)
    await an_appointment(works, receptionist, clinic, at("10:00", day=5))
    closed = {"starts_local": "2026-03-06T00:00", "ends_local": "2026-03-07T00:00"}
    await an_exception(works, receptionist, kind="closed", **closed)
    await rebuild_days(works)
    answer = await desk_browser.get("/calendar/month?month=2026-03")
    assert answer.status_code == 200
    page = Page(answer.text)
    assert page.inline == []
    days = [link for link in page.links if re.fullmatch(r"/calendar\?date=2026-03-\d\d", link)]
    assert len(days) == 31
    assert "Dr. Ada Winter, Thursday 05-Mar-2026: 1 appointment, 30 min of 8 h" in answer.text
    assert "Friday 06-Mar-2026: 0 appointments, not open" in answer.text


async def test_a_month_that_is_none_is_told(desk_browser: Client) -> None:
    for month in ("2026-13", "march", "9999-01"):
        answer = await desk_browser.get(f"/calendar/month?month={month}")
        assert answer.status_code == 422, month
    assert (await desk_browser.get("/calendar/month")).status_code == 200
