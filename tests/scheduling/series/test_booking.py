"""Booking a series: each occurrence an appointment of its own, what is in the way told of each."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import audit, patients
from app.infra.outbox import OutboxRow
from app.scheduling import appointments
from app.scheduling.appointments import OnConflict
from tests.builders.appointments import a_hold
from tests.builders.patients import a_patient
from tests.scheduling.series.conftest import Desk, local, wall

MONDAYS = ["03-09T09:00", "03-16T09:00", "03-23T09:00", "03-30T09:00"]


async def test_every_occurrence_is_an_appointment_at_the_same_time_on_the_wall(desk: Desk) -> None:
    series_id, ids = await desk.book(reason="physiotherapy")
    rows = await desk.rows(ids)
    assert [local(row.starts_at) for row in rows] == MONDAYS
    assert [row.starts_at.hour for row in rows] == [8, 8, 8, 7]  # the clocks change on the 29th
    assert {(row.series_id, row.status, row.reason) for row in rows} == {
        (series_id, "booked", "physiotherapy")
    }
    assert {row.occurrence_local and f"{row.occurrence_local:%H:%M}" for row in rows} == {"09:00"}
    series = await desk.series(series_id)
    assert (series.rrule, f"{series.first_local}", series.duration_minutes) == (
        "FREQ=WEEKLY;COUNT=4", "2026-03-09 09:00:00", 30
    )  # fmt: skip


async def test_each_is_told_and_the_series_leaves_one_trace(desk: Desk) -> None:
    async with desk.works.sessions() as session:
        before = await session.scalar(select(func.count()).select_from(audit.AuditEvent))
    series_id, ids = await desk.book()
    async with desk.works.sessions() as session:
        told = await session.scalars(
            select(OutboxRow).where(OutboxRow.name == "scheduling.appointment_booked.v1")
        )
        assert {row.payload["appointment_id"] for row in told} == {str(id_) for id_ in ids}
        traces = (
            await session.scalars(
                select(audit.AuditEvent).order_by(audit.AuditEvent.seq).offset(before)
            )
        ).all()
    assert [(each.action, each.subject_id, each.patient_id) for each in traces] == [
        ("appointment_series.book", series_id, desk.patient_id)
    ]
    assert traces[0].detail == {"appointments": 4, "left_out": 0}


async def test_a_preview_books_nothing_and_tells_what_is_in_the_way(desk: Desk) -> None:
    taken = await desk.single("03-16T09:15")
    found = await desk.preview()
    assert [f"{each.local:%m-%dT%H:%M}" for each in found] == MONDAYS
    assert [len(each.conflicts) for each in found] == [0, 1, 0, 0]
    assert found[1].conflicts[0]["appointment_id"] == taken
    near = [local(each["starts_at"]) for each in found[1].alternatives]
    assert near == ["03-16T08:45", "03-16T08:30", "03-16T08:15"]
    assert [row.id for row in await desk.rows()] == [taken]


async def test_ones_own_hold_is_not_in_the_way(desk: Desk) -> None:
    hold = await a_hold(desk.works, desk.actor, desk.clinic, wall("03-09T09:00"))
    found = await desk.preview(hold_id=hold.id)
    assert [each.conflicts for each in found] == [[], [], [], []]
    _, ids = await desk.book(hold_id=hold.id)
    assert await desk.times(ids) == MONDAYS
    assert hold.id in {row.id for row in await desk.rows() if row.status == "cancelled"}


async def test_when_some_cannot_be_had_nothing_is_booked(desk: Desk) -> None:
    one, other = await desk.single("03-16T09:00"), await desk.single("03-30T08:45")
    with pytest.raises(appointments.SeriesTaken) as refused:
        await desk.book()
    found = refused.value.occurrences
    assert [local(each["starts_at"]) for each in found] == ["03-16T09:00", "03-30T09:00"]
    assert [each["conflicts"][0]["appointment_id"] for each in found] == [one, other]
    assert [len(each["alternatives"]) for each in found] == [3, 3]
    assert refused.value.overridable
    assert len(await desk.rows()) == 2


async def test_or_all_the_others_are_booked(desk: Desk) -> None:
    await desk.single("03-16T09:00")
    series_id, ids = await desk.book(on_conflict=OnConflict.SKIP)
    assert await desk.times(ids) == [MONDAYS[0], *MONDAYS[2:]]
    assert await desk.seen(series_id) == [
        (each, None if each == MONDAYS[1] else each) for each in MONDAYS
    ]


async def test_when_none_can_be_had_there_is_no_series(desk: Desk) -> None:
    with pytest.raises(appointments.SeriesTaken) as refused:
        await desk.book("03-08T09:00", on_conflict=OnConflict.SKIP)  # Sundays
    assert len(refused.value.occurrences) == 4
    kinds = {each["conflicts"][0]["kind"] for each in refused.value.occurrences}
    assert kinds == {"outside-hours"}


async def test_with_a_reason_it_is_booked_over_what_is_in_the_way(desk: Desk) -> None:
    await desk.single("03-16T09:00")
    _, ids = await desk.book(override={"reason": "emergency course"})
    rows = await desk.rows(ids)
    assert [row.overridden for row in rows] == [[], ["practitioner"], [], []]
    assert rows[1].override_reason == "emergency course"
    assert rows[0].override_reason is None


async def test_a_room_that_is_taken_cannot_be_overridden(desk: Desk) -> None:
    await desk.single("03-16T09:00", room_id=desk.clinic.room.id)
    with pytest.raises(appointments.SeriesTaken) as refused:
        await desk.book(room_id=desk.clinic.room.id, override={"reason": "emergency course"})
    assert not refused.value.overridable


@pytest.mark.parametrize(
    ("starts", "rrule", "at", "rule"),
    [
        ("03-09T09:00", "FREQ=YEARLY;COUNT=4", ["body", "rrule"], "rrule_frequency"),
        ("03-09T09:00", "FREQ=WEEKLY", ["body", "rrule"], "rrule_end"),
        ("03-09T09:00", "FREQ=WEEKLY;COUNT=4;BYDAY=TU", ["body", "rrule"], "rrule_first"),
        ("03-09T09:00", "FREQ=DAILY;UNTIL=20270101", ["body", "rrule"], "rrule_length"),
    ],
)
async def test_an_unfit_rule_is_refused_by_name(
    desk: Desk, starts: str, rrule: str, at: list[str], rule: str
) -> None:
    with pytest.raises(appointments.RuleUnfit) as refused:
        await desk.book(starts, rrule)
    (fault,) = refused.value.errors
    assert (fault["at"], fault["rule"]) == (at, rule)


async def test_a_time_the_clock_shows_twice_means_the_first(desk: Desk) -> None:
    first = wall("10-25T02:30")
    _, ids = await desk.book("10-25T02:30", "FREQ=DAILY;COUNT=2", override={"reason": "night"})
    assert [row.starts_at for row in await desk.rows(ids)] == [first, first + timedelta(hours=25)]
    again = desk.asked("10-25T02:30", "FREQ=DAILY;COUNT=2")
    again.first.starts_at = first + timedelta(hours=1)
    with pytest.raises(appointments.RuleUnfit) as refused:
        async with desk.works.begin(desk.actor) as uow:
            await appointments.book_series(uow, again)
    assert refused.value.errors[0]["at"] == ["body", "first", "starts_at"]


async def test_a_time_the_clock_skips_is_the_moment_of_the_jump(desk: Desk) -> None:
    _, ids = await desk.book("03-28T02:30", "FREQ=DAILY;COUNT=3", override={"reason": "night"})
    assert await desk.times(ids) == ["03-28T02:30", "03-29T03:00", "03-30T02:30"]


async def test_a_series_belongs_to_the_record_that_counts(desk: Desk) -> None:
    series_id, _ = await desk.book()
    other = await a_patient(desk.works, desk.actor, given_name="Mara Maria")
    async with desk.works.begin(desk.actor) as uow:
        await patients.merge_patients(uow, desk.patient_id, other.id, reason="same person")
    async with desk.works.begin(desk.actor) as uow:
        series, found = await appointments.read_series(uow, series_id)
    assert series.id == series_id
    assert len(found) == 4
