"""What will breach within the hour: rules that hold for every queue."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.work_queues.boards import OpenItem, Pace, forecast
from app.work_queues.items import Severity

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
dues = st.none() | st.integers(-120, 600).map(lambda minutes: NOW + timedelta(minutes=minutes))
queues = st.lists(st.tuples(st.sampled_from(Severity), dues), max_size=40).map(
    lambda rows: [
        OpenItem(UUID(int=number), severity, due_at)
        for number, (severity, due_at) in enumerate(rows)
    ]
)
arrivals = st.none() | st.dictionaries(st.sampled_from(Severity), st.integers(0, 100))
paces = st.builds(
    Pace,
    hours=st.sampled_from([0.0, 1.0, 4.0]),
    finished=st.integers(0, 200),
    people=st.integers(0, 20),
    arrived=arrivals,
)


@given(queues, paces, st.integers(0, 20), st.integers(0, 20))
def test_more_people_never_mean_more_breaches(
    queue: list[OpenItem], pace: Pace, people: int, more: int
) -> None:
    few = forecast(queue, now=NOW, pace=pace, people=people)
    many = forecast(queue, now=NOW, pace=pace, people=people + more)
    assert (few.breaches is None) == (many.breaches is None)
    assert (many.breaches or 0) <= (few.breaches or 0)


@given(queues, paces, st.integers(0, 20))
def test_never_more_breaches_than_fall_due(queue: list[OpenItem], pace: Pace, people: int) -> None:
    told = forecast(queue, now=NOW, pace=pace, people=people)
    assert (told.breaches or 0) <= told.due_within_hour
    assert (told.first is None) == (not told.breaches)


@given(queues, paces, st.integers(0, 20))
def test_where_nothing_falls_due_nothing_breaches(
    queue: list[OpenItem], pace: Pace, people: int
) -> None:
    later = [
        item for item in queue if item.due_at is None or item.due_at > NOW + timedelta(hours=1)
    ]
    told = forecast(later, now=NOW, pace=pace, people=people)
    assert (told.breaches, told.first, told.due_within_hour) == (0, None, 0)


@given(queues, st.integers(0, 20), st.sampled_from([0.0, 4.0]), arrivals)
def test_an_unknown_pace_is_said_to_be_unknown(
    queue: list[OpenItem], people: int, hours: float, arrived: dict[Severity, int] | None
) -> None:
    pace = Pace(hours=hours, finished=0, people=3, arrived=arrived)
    told = forecast(queue, now=NOW, pace=pace, people=people)
    assert told.finished_per_hour is None
    assert any("nobody knows how fast" in line for line in told.assumptions)
    assert told.breaches == (None if told.due_within_hour else 0)


@given(queues, paces, st.integers(0, 20))
def test_the_first_to_breach_is_the_earliest(
    queue: list[OpenItem], pace: Pace, people: int
) -> None:
    told = forecast(queue, now=NOW, pace=pace, people=people)
    if told.first is not None:
        fewer = [item for item in queue if item.due_at is None or item.due_at >= told.first.due_at]
        assert told.first.item_id in {item.id for item in fewer}
        assert NOW < told.first.due_at <= NOW + timedelta(hours=1)


def test_the_queue_is_worked_in_its_order_at_the_pace_of_the_last_hours() -> None:
    due = NOW + timedelta(minutes=30)
    queue = [OpenItem(UUID(int=n), Severity.HIGH, due) for n in range(10)]
    pace = Pace(hours=4, finished=24, people=2, arrived={Severity.HIGH: 40, Severity.LOW: 4})
    told = forecast(queue, now=NOW, pace=pace, people=4)  # 3 an hour each: 6 until half past
    assert told.finished_per_hour == 12
    assert told.arrived_per_hour == 11
    assert told.breaches == 4
    assert told.first is not None
    assert told.first.item_id == UUID(int=6)
    assert told.assumptions == [
        "4 people are on duty, and that stays so.",
        "In the last 4 hours 2 people finished 24: 3.0 an hour each, and that stays so.",
        "11.0 arrive in an hour; what is more severe goes first, the rest waits behind.",
        "All 10 open are worked in their order, each as long as any other.",
    ]


def test_what_is_more_severe_and_still_to_come_goes_first() -> None:
    due = NOW + timedelta(minutes=30)
    queue = [OpenItem(UUID(int=n), Severity.LOW, due) for n in range(3)]
    calm = Pace(hours=1, finished=6, people=1, arrived={Severity.LOW: 50})
    busy = Pace(hours=1, finished=6, people=1, arrived={Severity.CRITICAL: 6})
    assert forecast(queue, now=NOW, pace=calm, people=1).breaches == 0
    assert forecast(queue, now=NOW, pace=busy, people=1).breaches == 3


def test_an_unknown_stream_is_said_and_not_counted() -> None:
    pace = Pace(hours=4, finished=8, people=1, arrived=None)
    told = forecast([], now=NOW, pace=pace, people=1, looked_at_all=False)
    assert told.arrived_per_hour is None
    assert told.assumptions[-3:] == [
        "Nobody knows how much will arrive: as if nothing did.",
        "All 0 open are worked in their order, each as long as any other.",
        "Only the first 0 were looked at: there is more behind them.",
    ]
