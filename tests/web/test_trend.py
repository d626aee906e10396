"""One value over time as a picture: where its points lie, and what it says without one."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.web.presenters.formats import State
from app.web.presenters.trend import HEIGHT, WIDTH, Reading, Standing, range_words, trend_view
from app.web.rendering import TEMPLATES

FIRST = datetime(2026, 3, 2, 9, tzinfo=UTC)


def reading(days: int, value: float | None, **other: object) -> Reading:
    shown = "haemolysed" if value is None else f"{value:g}"
    given_values = {"low": 3.5, "high": 5.1, "standing": Standing.NORMAL, **other}
    return Reading(at=FIRST + timedelta(days=days), value=value, shown=shown, **given_values)  # type: ignore[arg-type]


def numbers(text: str) -> list[tuple[float, float]]:
    return [tuple(map(float, pair.split(","))) for pair in text.split()]  # type: ignore[misc]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 4000),
            st.none() | st.floats(-1e6, 1e6, allow_nan=False),
            st.none() | st.floats(0, 100),
            st.none() | st.floats(100, 1000),
        ),
        max_size=12,
    )
)
def test_whatever_was_measured_lies_within_the_picture(
    told: list[tuple[int, float | None, float | None, float | None]],
) -> None:
    view = trend_view(
        "Any", "u", [reading(days, value, low=low, high=high) for days, value, low, high in told]
    )
    for x, y in (point for line in view.lines for point in numbers(line)):
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT
    if view.band:
        assert float(view.band.y) + float(view.band.height) <= HEIGHT
    drawn = sum(value is not None for _, value, _, _ in told)
    assert (len(view.marks), len(view.voids)) == (drawn, len(told) - drawn)
    assert len(view.rows) == len(told)


def test_later_lies_to_the_right_and_more_lies_higher() -> None:
    view = trend_view("Potassium", "mmol/L", [reading(30, 6.8), reading(0, 4.1), reading(10, 3.9)])
    (line,) = view.lines
    (x1, y1), (x2, y2), (x3, y3) = numbers(line)
    assert x1 < x2 < x3
    assert y3 < y1 < y2
    assert (x2 - x1) / (x3 - x1) == 1 / 3 or abs((x2 - x1) / (x3 - x1) - 1 / 3) < 0.01
    assert (view.first_day, view.last_day) == ("02-Mar-2026", "01-Apr-2026")
    assert [row.value for row in view.rows] == ["6.8 mmol/L", "3.9 mmol/L", "4.1 mmol/L"]


def test_the_line_stops_where_no_number_was_told() -> None:
    view = trend_view("Potassium", "mmol/L", [reading(n, v) for n, v in enumerate([4, 5, None, 4])])
    assert len(view.lines) == 1
    assert len(view.voids) == 1
    assert "1 result without a number" in view.description
    assert view.rows[1].value == "haemolysed"


def test_it_is_said_when_there_is_no_range_or_another_one() -> None:
    bare = trend_view("X", "", [reading(0, 1, low=None, high=None)])
    assert bare.band is None
    assert "No reference range" in bare.description
    assert bare.rows[0].range == "no range"
    changed = trend_view("X", "", [reading(0, 1), reading(1, 1, high=6)])
    assert "The range changed" in changed.description
    assert (range_words(None, 5), range_words(3.50, None)) == ("up to 5", "from 3.5")


def test_the_macro_draws_it_with_words_and_without_a_script_or_a_style() -> None:
    view = trend_view(
        "Potassium",
        "mmol/L",
        [
            reading(0, 4.1, verdict=State("ok", "normal")),
            reading(1, 6.8, standing=Standing.CRITICAL, verdict=State("bad", "critical high")),
        ],
    )
    module = TEMPLATES.get_template("layout/parts.html").module
    html = module.trend(view)  # type: ignore[attr-defined]
    assert 'role="img"' in html
    assert "Last 6.8 mmol/L on 03-Mar-2026, critical high." in html
    assert "style=" not in html
    assert "<script" not in html
    assert html.count("<tr>") == 3
