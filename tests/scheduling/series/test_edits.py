"""This, the following, or all: what moves, what stays behind, and what the rule says then."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app import audit
from app.infra.outbox import OutboxRow
from app.scheduling import appointments
from app.scheduling.appointments import OnConflict
from tests.builders.availability import a_room
from tests.conftest import FrozenClock
from tests.scheduling.series.conftest import Desk, wall

MONDAYS = ["03-09T09:00", "03-16T09:00", "03-23T09:00", "03-30T09:00"]


async def test_one_moved_alone_leaves_the_others(desk: Desk) -> None:
    series_id, ids = await desk.book()
    await desk.move_alone(ids[1], "03-17T14:00")
    assert await desk.times(ids) == [MONDAYS[0], "03-17T14:00", *MONDAYS[2:]]
    assert await desk.seen(series_id) == [
        (MONDAYS[0], MONDAYS[0]),
        (MONDAYS[1], "03-17T14:00"),
        (MONDAYS[2], MONDAYS[2]),
        (MONDAYS[3], MONDAYS[3]),
    ]


async def test_this_and_the_following_become_a_series_of_their_own(desk: Desk) -> None:
    series_id, ids = await desk.book()
    change = await desk.change(ids[2], "03-23T10:30")
    assert await desk.times(ids) == [*MONDAYS[:2], "03-23T10:30", "03-30T10:30"]
    assert change.changed == ids[2:]
    old, new = await desk.series(series_id), await desk.series(change.series_id)
    assert (old.rrule, new.rrule) == ("FREQ=WEEKLY;COUNT=2", "FREQ=WEEKLY;COUNT=2")
    assert new.continues == series_id
    assert f"{new.first_local:%m-%dT%H:%M}" == "03-23T10:30"
    assert await desk.seen(series_id) == [(each, each) for each in MONDAYS[:2]]
    assert [at for _, at in await desk.seen(new.id)] == ["03-23T10:30", "03-30T10:30"]


async def test_all_of_a_series_still_to_come_need_no_split(desk: Desk) -> None:
    series_id, ids = await desk.book()
    change = await desk.change(ids[2], "03-24T08:00", scope="all")
    assert change.series_id == series_id
    assert await desk.times(ids) == ["03-10T08:00", "03-17T08:00", "03-24T08:00", "03-31T08:00"]
    series = await desk.series(series_id)
    assert (series.rrule, f"{series.first_local:%m-%dT%H:%M}") == (
        "FREQ=WEEKLY;COUNT=4;WKST=TU", "03-10T08:00"
    )  # fmt: skip


async def test_what_is_over_stays_as_it_was(desk: Desk, clock: FrozenClock) -> None:
    series_id, ids = await desk.book()
    clock.at = wall("03-17T12:00")
    change = await desk.change(ids[3], "03-30T11:00", scope="all")
    assert await desk.times(ids) == [*MONDAYS[:2], "03-23T11:00", "03-30T11:00"]
    assert (await desk.series(series_id)).rrule == "FREQ=WEEKLY;COUNT=2"
    assert (await desk.series(change.series_id)).continues == series_id
    with pytest.raises(appointments.SeriesOver):
        await desk.change(ids[0], "03-09T10:00", scope="all")


async def test_one_that_was_moved_alone_keeps_its_time(desk: Desk) -> None:
    _, ids = await desk.book()
    await desk.move_alone(ids[2], "03-24T14:00")
    change = await desk.change(ids[1], "03-16T11:00")
    assert await desk.times(ids) == [MONDAYS[0], "03-16T11:00", "03-24T14:00", "03-30T11:00"]
    assert (change.changed, change.kept) == ([ids[1], ids[3]], [ids[2]])
    assert await desk.seen(change.series_id) == [
        ("03-16T11:00", "03-16T11:00"),
        ("03-23T11:00", "03-24T14:00"),
        ("03-30T11:00", "03-30T11:00"),
    ]


async def test_one_that_was_moved_alone_still_gets_the_new_room_and_length(desk: Desk) -> None:
    _, ids = await desk.book()
    await desk.move_alone(ids[2], "03-24T14:00")
    other = await a_room(desk.works, desk.actor, "Room 2")
    await desk.move_alone(ids[3], "03-30T09:00", room_id=str(other.id))
    change = await desk.change(
        ids[0], scope="all", duration_minutes=45, room_id=str(desk.clinic.room.id)
    )
    rows = await desk.rows(ids)
    assert await desk.times(ids) == [*MONDAYS[:2], "03-24T14:00", MONDAYS[3]]
    assert [row.room_id for row in rows] == [desk.clinic.room.id] * 3 + [other.id]
    assert {row.ends_at - row.starts_at for row in rows} == {timedelta(minutes=45)}
    assert change.kept == []
    series = await desk.series(change.series_id)
    assert (series.room_id, series.duration_minutes) == (desk.clinic.room.id, 45)


async def test_taken_hold_of_at_one_moved_alone_the_others_go_to_its_time(desk: Desk) -> None:
    _, ids = await desk.book()
    await desk.move_alone(ids[1], "03-16T11:00")
    await desk.change(ids[1], "03-16T14:00")
    assert await desk.times(ids) == [MONDAYS[0], "03-16T14:00", "03-23T14:00", "03-30T14:00"]


async def test_saying_what_is_so_changes_nothing_of_the_others(desk: Desk) -> None:
    _, ids = await desk.book()
    await desk.move_alone(ids[1], "03-16T11:00")
    change = await desk.change(ids[1], "03-16T11:00", duration_minutes=45)
    assert await desk.times(ids) == [MONDAYS[0], "03-16T11:00", *MONDAYS[2:]]
    assert change.changed == ids[1:]


async def test_a_daily_series_moved_by_a_day_does_not_run_into_itself(desk: Desk) -> None:
    _, ids = await desk.book("03-09T09:00", "FREQ=DAILY;COUNT=3")
    await desk.change(ids[0], "03-10T09:00", scope="all")
    assert await desk.times(ids) == ["03-10T09:00", "03-11T09:00", "03-12T09:00"]
    await desk.change(ids[0], "03-09T09:00", scope="all")
    assert await desk.times(ids) == ["03-09T09:00", "03-10T09:00", "03-11T09:00"]
    await desk.change(ids[0], "03-09T09:15", scope="all", duration_minutes=60)
    assert await desk.times(ids) == ["03-09T09:15", "03-10T09:15", "03-11T09:15"]


async def test_moved_to_another_doctor(desk: Desk, other_doctor: appointments.Appointment) -> None:
    _, ids = await desk.book()
    change = await desk.change(
        ids[1], practitioner_id=str(other_doctor.id), override={"reason": "leave"}
    )
    doctors = [row.practitioner_id for row in await desk.rows(ids)]
    assert doctors == [desk.clinic.doctor.id] + [other_doctor.id] * 3
    assert (await desk.series(change.series_id)).practitioner_id == other_doctor.id


async def test_what_is_in_the_way_is_told_of_each_and_nothing_moves(desk: Desk) -> None:
    _, ids = await desk.book()
    taken = await desk.single("03-23T11:00")
    with pytest.raises(appointments.SeriesTaken) as refused:
        await desk.change(ids[1], "03-16T11:00")
    (found,) = refused.value.occurrences
    assert (found["appointment_id"], found["starts_at"]) == (ids[2], wall("03-23T11:00"))
    assert found["conflicts"][0]["appointment_id"] == taken
    assert len(found["alternatives"]) == 3
    assert await desk.times(ids) == MONDAYS


async def test_or_those_that_cannot_be_had_stay_where_they_were(desk: Desk) -> None:
    _, ids = await desk.book()
    await desk.single("03-23T11:00")
    change = await desk.change(ids[1], "03-16T11:00", on_conflict=OnConflict.SKIP)
    assert await desk.times(ids) == [MONDAYS[0], "03-16T11:00", MONDAYS[2], "03-30T11:00"]
    assert (change.changed, change.left) == ([ids[1], ids[3]], [ids[2]])
    assert ("03-23T11:00", MONDAYS[2]) in await desk.seen(change.series_id)


async def test_a_monthly_series_does_not_move_to_other_days(desk: Desk) -> None:
    _, ids = await desk.book("03-10T09:00", "FREQ=MONTHLY;COUNT=3;BYDAY=2TU")
    with pytest.raises(appointments.RuleUnfit) as refused:
        await desk.change(ids[0], "03-11T09:00")
    assert refused.value.errors[0]["rule"] == "rrule_day_fixed"
    assert refused.value.errors[0]["at"] == ["body", "starts_at"]
    await desk.change(ids[0], "03-10T10:00")
    assert await desk.times(ids) == ["03-10T10:00", "04-14T10:00", "05-12T10:00"]


async def test_a_stale_version_is_refused(desk: Desk) -> None:
    _, ids = await desk.book()
    await desk.move_alone(ids[0], "03-09T10:00")
    with pytest.raises(appointments.AppointmentChanged):
        await desk.change(ids[0], "03-09T11:00", version=1)


async def test_a_single_appointment_has_no_following(desk: Desk) -> None:
    single = await desk.single("03-09T09:00")
    with pytest.raises(appointments.NotInSeries):
        await desk.change(single, "03-09T10:00")
    with pytest.raises(appointments.NotInSeries):
        await desk.cancel(single, "all")


@pytest.mark.parametrize(("scope", "left"), [("following", 1), ("all", 0)])
async def test_those_to_come_are_cancelled_and_their_time_is_free(
    desk: Desk, scope: str, left: int
) -> None:
    series_id, ids = await desk.book()
    await desk.move_alone(ids[2], "03-24T14:00")
    change = await desk.cancel(ids[1], scope)
    assert change is not None
    assert change.changed == ids[left:]
    rows = await desk.rows(ids)
    assert [row.status for row in rows] == ["booked"] * left + ["cancelled"] * (4 - left)
    assert {row.cancelled_by for row in rows[left:]} == {"patient"}
    async with desk.works.sessions() as session:
        opened = await session.scalars(
            select(OutboxRow.payload).where(OutboxRow.name == "scheduling.slot_opened.v1")
        )
        starts = [payload["starts_at"] for payload in opened]
    assert len(starts) == 1 + len(change.changed)
    with pytest.raises(appointments.SeriesOver):
        await desk.cancel(ids[1], "following")
    assert len(await desk.seen(series_id)) == 4


async def test_from_one_that_is_over_the_following_can_be_cancelled(
    desk: Desk, clock: FrozenClock
) -> None:
    _, ids = await desk.book()
    clock.at = wall("03-16T12:00")
    change = await desk.cancel(ids[1], "following")
    assert change is not None
    assert change.changed == ids[2:]
    assert [row.status for row in await desk.rows(ids)] == ["booked"] * 2 + ["cancelled"] * 2


async def test_a_cancelled_one_stays_cancelled_and_follows_its_rule(desk: Desk) -> None:
    series_id, ids = await desk.book()
    await desk.cancel(ids[2])
    change = await desk.change(ids[1], "03-16T10:00")
    rows = await desk.rows(ids)
    assert [row.status for row in rows] == ["booked", "booked", "cancelled", "booked"]
    assert {row.series_id for row in rows[1:]} == {change.series_id}
    assert await desk.seen(series_id) == [(MONDAYS[0], MONDAYS[0])]
    assert ("03-23T10:00", MONDAYS[2]) in await desk.seen(change.series_id)


async def test_each_occurrence_of_a_change_is_undone_alone(desk: Desk) -> None:
    _, ids = await desk.book()
    change = await desk.change(ids[1], "03-16T11:00")
    await desk.undo(ids[2])
    assert await desk.times(ids) == [MONDAYS[0], "03-16T11:00", MONDAYS[2], "03-30T11:00"]
    assert ("03-23T11:00", MONDAYS[2]) in await desk.seen(change.series_id)
    await desk.cancel(ids[3], "all")
    await desk.undo(ids[3])
    assert [row.status for row in await desk.rows(ids)] == [
        "booked", "cancelled", "cancelled", "booked"
    ]  # fmt: skip


async def test_split_twice_each_part_knows_which_it_continues(desk: Desk) -> None:
    first_id, ids = await desk.book()
    second = await desk.change(ids[1], "03-16T10:00")
    third = await desk.change(ids[2], "03-23T11:00")
    assert (await desk.series(second.series_id)).continues == first_id
    assert (await desk.series(third.series_id)).continues == second.series_id
    assert await desk.times(ids) == [MONDAYS[0], "03-16T10:00", "03-23T11:00", "03-30T11:00"]
    back = await desk.change(ids[0], "03-09T08:00", scope="all")
    assert (back.series_id, back.changed) == (first_id, [ids[0]])


async def test_a_change_leaves_one_trace(desk: Desk) -> None:
    _, ids = await desk.book()
    await desk.move_alone(ids[2], "03-24T14:00")
    change = await desk.change(ids[1], "03-16T11:00")
    async with desk.works.sessions() as session:
        last = (
            await session.scalars(
                select(audit.AuditEvent).order_by(audit.AuditEvent.seq.desc()).limit(1)
            )
        ).one()
    assert (last.action, last.subject_id) == ("appointment_series.reschedule", change.series_id)
    assert last.detail == {
        "appointment": str(ids[1]), "scope": "following", "changed": 2, "kept": 1, "left": 0
    }  # fmt: skip
    assert isinstance(last.patient_id, UUID)
