"""The words of a chart: every kind has some, and vital signs are read as people say them."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from app.dashboards.timeline import EntryKind, Measured
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.kernel.paging import Cursor
from app.web.presenters.chart import GROUPS, LABELS, PLACES
from app.web.presenters.vitals import measures
from tests.builders.access import restricted
from tests.builders.crisis_reports import a_suspicion
from tests.builders.encounters import an_encounter
from tests.builders.patients import a_patient
from tests.conftest import Client

ICONS = (Path(__file__).parents[2] / "app/web/static/chart-icons.svg").read_text()
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize("kind", EntryKind)
def test_every_kind_of_entry_has_words_a_place_and_an_icon(kind: EntryKind) -> None:
    assert LABELS[kind]
    assert kind in PLACES or kind is EntryKind.APPOINTMENT
    assert f'id="{kind}"' in ICONS
    assert len([group for group in GROUPS if kind in group.kinds]) == 1


def test_both_pressures_of_a_note_are_one_value() -> None:
    first, second = uuid4(), uuid4()

    def sign(code: str, value: float, note: UUID, days: int = 0, unit: str = "mm[Hg]") -> Measured:
        return Measured(code, "Sign", value, unit, NOON - timedelta(days=days), note)

    found = [
        sign("8310-5", 37.25, first, unit="Cel"),
        sign("8462-4", 86, first), sign("8462-4", 94, second, 5),
        sign("8480-6", 138, first), sign("8480-6", 152, second, 5), sign("8480-6", 140, uuid4(), 9),
    ]  # fmt: skip
    pressure, heat = measures(found, ZoneInfo("UTC"))
    assert (pressure.label, pressure.latest.text, pressure.unit) == (
        "Blood pressure", "138/86", "mmHg",
    )  # fmt: skip
    assert pressure.trend is not None
    assert [row.value for row in pressure.trend.rows] == ["138/86 mmHg", "152/94 mmHg", "140 mmHg"]
    assert heat.trend is None
    assert (heat.latest.text, heat.unit, heat.latest.day) == ("37.25", "°C", "02-Mar-2026")


async def test_reports_stand_apart_and_only_for_who_may_see_them(
    works: Works, doctor: Actor, doctors_browser: Client, nurses_browser: Client
) -> None:
    patient = await a_patient(works, doctor)
    await an_encounter(works, doctor, patient_id=patient.id)
    await a_suspicion(works, doctor, patient_id=patient.id)
    page = (await doctors_browser.get(f"/patients/{patient.id}")).text
    assert "Mandatory reports" in page
    assert page.count('data-row="') == 1
    assert "Mandatory reports" not in (await nurses_browser.get(f"/patients/{patient.id}")).text


FIRST = Cursor(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), UUID(int=1))
EDGES = [
    "?from=0001-01-01",
    "?to=9999-12-31",
    "?on=9999-12-31",
    f"?cursor={FIRST.encode()}",
    "/news?since=0001-01-01T00:00:00Z",
    "/news?since=9999-12-31T23:59:59-14:00",
]


@pytest.mark.parametrize("asked", EDGES)
async def test_the_ends_of_time_are_answered(
    doctors_browser: Client, works: Works, doctor: Actor, asked: str
) -> None:
    patient = await a_patient(works, doctor)
    answer = await doctors_browser.get(f"/fragments/patients/{patient.id}/timeline{asked}")
    assert answer.status_code in {200, 422}, answer.text


async def test_an_open_page_hears_that_the_patient_is_hidden_by_now(
    doctors_browser: Client, works: Works, doctor: Actor, admin: Actor
) -> None:
    patient = await a_patient(works, doctor)
    await restricted(works, admin, patient.id)
    news = f"/fragments/patients/{patient.id}/timeline/news?since=2026-03-02T09:00:00Z"
    refused = (await doctors_browser.get(news)).status_code
    watch = Path(__file__).parents[2] / "app/web/static/js/chart/news.js"
    assert f"{refused}" in watch.read_text()
