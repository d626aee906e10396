"""How things are written."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from app.clinical.notes import Vital
from app.web.presenters.account import safe_next
from app.web.presenters.formats import age, clock, counted, day, moment, size
from app.web.presenters.notes import vital_lines


def test_days_are_written_so_that_nobody_can_swap_day_and_month() -> None:
    assert day(date(1945, 7, 14)) == "14-Jul-1945"
    assert day(date(2026, 3, 2)) == "02-Mar-2026"


def test_a_moment_is_told_in_utc_until_the_browser_knows_better() -> None:
    at = datetime(2026, 3, 2, 9, 5, tzinfo=timezone(timedelta(hours=2)))
    assert moment(at).text == "02-Mar-2026 07:05 UTC"
    assert datetime.fromisoformat(moment(at).iso) == at.astimezone(UTC)


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        (date(1945, 7, 14), "81 y"),
        (date(2024, 11, 22), "23 mo"),
        (date(2024, 11, 21), "2 y"),
        (date(2026, 9, 21), "2 mo"),
        (date(2026, 9, 22), "60 d"),
        (date(2026, 11, 21), "0 d"),
    ],
)
def test_age_is_in_years_for_adults_and_finer_for_infants(born: date, expected: str) -> None:
    assert age(born, date(2026, 11, 21)) == expected


def test_lengths_and_sizes() -> None:
    assert clock(75.4) == "1:15"
    assert clock(3675) == "1:01:15"
    assert clock(None) == "0:00"
    assert size(999) == "999 bytes"
    assert size(96_044) == "96 kB"
    assert size(1_536_000) == "1.5 MB"
    assert counted(1, "word") == "1 word"
    assert counted(2, "word") == "2 words"


def test_both_blood_pressures_are_one_line() -> None:
    def vital(code: str, label: str, value: float, unit: str) -> Vital:
        return Vital(code=code, label=label, value=value, unit=unit, sentence_id="s1")

    lines = vital_lines(
        [
            vital("8480-6", "Systolic blood pressure", 168, "mm[Hg]"),
            vital("8462-4", "Diastolic blood pressure", 96, "mm[Hg]"),
            vital("8310-5", "Temperature", 38.2, "Cel"),
        ]
    )
    assert lines == ["Blood pressure 168/96 mmHg", "Temperature 38.2 °C"]


@pytest.mark.parametrize("path", ["https://evil.example", "//evil.example", "/a\\b", "", None])
def test_only_a_path_of_this_site_is_a_way_back(path: str | None) -> None:
    assert safe_next(path) == "/"


def test_the_way_back_forgets_what_was_searched_for() -> None:
    assert safe_next("/patients?q=okafor") == "/patients"
