"""Changing several appointments of a series at once.

What counts as the change is how the appointment somebody took hold of will differ from what it is.
An occurrence that had been moved alone keeps what was chosen for it: its own time when the series
moves, its own room when the series gets another. Only appointments still to come are touched.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from app import audit
from app.infra.uow import UnitOfWork
from app.kernel.recurrence import RuleUnreadable
from app.scheduling.appointments import repository, series_repository
from app.scheduling.appointments.asking import Place, wanted_at
from app.scheduling.appointments.calling_off import call_off
from app.scheduling.appointments.errors import NotInSeries, SeriesOver
from app.scheduling.appointments.lapsing import CALENDAR
from app.scheduling.appointments.models import Appointment
from app.scheduling.appointments.moving import place_after, place_of, try_shift
from app.scheduling.appointments.policies import require_booker
from app.scheduling.appointments.schemas import (
    CancelAppointment,
    OnConflict,
    Reschedule,
    Scope,
)
from app.scheduling.appointments.series import Occurrence, local_of, taken, unfit, with_alternatives
from app.scheduling.appointments.series_models import AppointmentSeries
from app.scheduling.appointments.series_rules import RecurrenceRule, day_shift
from app.scheduling.availability import wall_to_instant

STARTS_AT = ("body", "starts_at")
NO_SHIFT = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesChange:
    """What came of it; `series_id` is where the occurrences are now."""

    appointment: Appointment
    series_id: UUID
    changed: list[UUID] = field(default_factory=list)
    kept: list[UUID] = field(default_factory=list)
    left: list[UUID] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """How the occurrences of a series are to differ; None leaves what there is."""

    shift: timedelta | None  # in wall time, from where the rule has them
    practitioner_id: UUID | None
    duration_minutes: int | None
    room: tuple[UUID | None] | None  # a room, or none, for all


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A series somebody took hold of at one of its appointments, all of it locked."""

    series: AppointmentSeries
    pivot: Appointment
    coming: list[Appointment]  # what the change is for, in the order of the rule


async def reschedule_series(
    uow: UnitOfWork, appointment_id: UUID, change: Reschedule
) -> SeriesChange:
    """Change this and the following occurrences, or all that are still to come.

    A split series goes on as a series of its own. Raises `SeriesTaken` with everything in the way
    of each, `NotInSeries`, `SeriesOver`, `AppointmentChanged`, and `RuleUnfit` where a monthly
    rule would have to move to other days.
    """
    require_booker(uow)
    return await series_repository.despite_deadlocks(
        uow, lambda: reschedule_all(uow, appointment_id, change)
    )


async def reschedule_all(uow: UnitOfWork, appointment_id: UUID, change: Reschedule) -> SeriesChange:
    held = await take_hold(uow, appointment_id, change.scope)
    held.pivot.require(change.version)
    if held.pivot not in held.coming:
        raise SeriesOver(series_id=held.series.id)
    edit = edit_of(uow, held.pivot, change)
    places = {each.id: place_in_edit(uow, held, each, edit, change) for each in held.coming}
    await take_turns(uow, held, places)
    kept = [each.id for each in held.coming if is_kept(uow, held, each, edit, places)]
    target, found = await carry_out(uow, held, edit, places, change)
    refused = [each for each in found if each.conflicts]
    if refused and change.on_conflict is OnConflict.REFUSE:
        raise taken(uow, await with_alternatives(uow, refused))
    left = [each.appointment.id for each in refused if each.appointment]
    result = SeriesChange(
        appointment=held.pivot,
        series_id=target,
        changed=[each.id for each in held.coming if each.id not in {*kept, *left}],
        kept=kept,
        left=left,
    )
    await trace(uow, "appointment_series.reschedule", result, change.scope)
    return result


async def take_turns(uow: UnitOfWork, held: Hold, places: dict[UUID, Place]) -> None:
    """Among all who move things about where we are and where we go."""
    there = [*map(place_of, held.coming), *places.values()]
    whose = {id_ for each in there for id_ in (each.practitioner_id, each.room_id)}
    whose.add(held.pivot.patient_id)
    await series_repository.take_turns(uow, whose)


async def cancel_series(
    uow: UnitOfWork, appointment_id: UUID, cancellation: CancelAppointment
) -> SeriesChange:
    """Call off this and the following occurrences, or all that are still to come.

    Those moved alone are called off too. Raises `NotInSeries`, `SeriesOver`.
    """
    require_booker(uow)
    return await series_repository.despite_deadlocks(
        uow, lambda: cancel_all(uow, appointment_id, cancellation)
    )


async def cancel_all(
    uow: UnitOfWork, appointment_id: UUID, cancellation: CancelAppointment
) -> SeriesChange:
    held = await take_hold(uow, appointment_id, cancellation.scope)
    for each in held.coming:
        await call_off(uow, each, cancellation)
    result = SeriesChange(
        appointment=held.pivot,
        series_id=held.series.id,
        changed=[each.id for each in held.coming],
    )
    await trace(uow, "appointment_series.cancel", result, cancellation.scope)
    return result


async def take_hold(uow: UnitOfWork, appointment_id: UUID, scope: Scope | None) -> Hold:
    """Lock the series first, so that those who change the same one take turns."""
    pivot = await repository.get(uow, appointment_id)
    if pivot.series_id is None or pivot.occurrence_local is None:
        raise NotInSeries(appointment_id=appointment_id)
    series = await series_repository.get(uow, pivot.series_id, lock=True)
    await uow.db.refresh(pivot)
    since = pivot.occurrence_local if scope is Scope.FOLLOWING else None
    coming = await series_repository.lock_still_to_come(uow, series.id, since)
    if not coming or pivot.series_id != series.id:  # it was split while we waited
        raise SeriesOver(series_id=series.id)
    return Hold(series=series, pivot=pivot, coming=coming)


def edit_of(uow: UnitOfWork, pivot: Appointment, change: Reschedule) -> Edit:
    """What the request changes of the appointment as it is; saying what is so changes nothing."""
    now, then = place_of(pivot), place_after(pivot, change)
    assert pivot.occurrence_local is not None
    local = local_of(uow, then.starts_at, STARTS_AT)
    return Edit(
        shift=local - pivot.occurrence_local if then.starts_at != now.starts_at else None,
        practitioner_id=(
            then.practitioner_id if then.practitioner_id != now.practitioner_id else None
        ),
        duration_minutes=(
            then.duration_minutes if then.duration_minutes != now.duration_minutes else None
        ),
        room=(then.room_id,) if then.room_id != now.room_id else None,
    )


def place_in_edit(
    uow: UnitOfWork, held: Hold, each: Appointment, edit: Edit, change: Reschedule
) -> Place:
    """Where an occurrence goes: it keeps what differs from its series already."""
    if each.id == held.pivot.id:
        return place_after(each, change)
    series, place = held.series, place_of(each)
    if edit.shift is not None and not has_own_time(uow, each):
        assert each.occurrence_local is not None
        moved = wall_to_instant(uow.zone, each.occurrence_local + edit.shift)
        place = replace(place, starts_at=moved)
    if edit.practitioner_id is not None and each.practitioner_id == series.practitioner_id:
        place = replace(place, practitioner_id=edit.practitioner_id)
    if edit.duration_minutes is not None and each.minutes == series.duration_minutes:
        place = replace(place, duration_minutes=edit.duration_minutes)
    if edit.room is not None and each.room_id == series.room_id:
        place = replace(place, room_id=edit.room[0])
    return place


def has_own_time(uow: UnitOfWork, each: Appointment) -> bool:
    """Whether it was moved alone."""
    assert each.occurrence_local is not None
    return each.starts_at != wall_to_instant(uow.zone, each.occurrence_local)


def is_kept(
    uow: UnitOfWork, held: Hold, each: Appointment, edit: Edit, places: dict[UUID, Place]
) -> bool:
    """Whether it stays behind although its series moves, or is as it was in everything."""
    if places[each.id] == place_of(each):
        return True
    return edit.shift is not None and each.id != held.pivot.id and has_own_time(uow, each)


async def carry_out(
    uow: UnitOfWork, held: Hold, edit: Edit, places: dict[UUID, Place], change: Reschedule
) -> tuple[UUID, list[Occurrence]]:
    """Give the rule its new place, then each occurrence; the furthest ahead goes first.

    So nobody runs into the one who is about to leave.
    """
    shift = edit.shift or NO_SHIFT
    target = await move_rule(uow, held, edit, shift)
    found = []
    for each in sorted(held.coming, key=lambda one: one.starts_at, reverse=shift > NO_SHIFT):
        wanted = await wanted_at(uow, places[each.id], patient_id=each.patient_id, moving=each)
        version = each.version
        conflicts = await try_shift(uow, each, wanted, change.override)
        assert each.occurrence_local is not None
        local = each.occurrence_local + shift
        each.series_id, each.occurrence_local = target, local
        if each.version == version:
            each.changed(uow.now)
        found.append(Occurrence(local=local, wanted=wanted, appointment=each, conflicts=conflicts))
    uow.wake(CALENDAR)
    await uow.db.flush()
    return target, sorted(found, key=lambda one: one.local)


async def move_rule(uow: UnitOfWork, held: Hold, edit: Edit, shift: timedelta) -> UUID:
    """The series that the occurrences still to come belong to: this one, or one split from it."""
    series, head = held.series, held.coming[0].occurrence_local
    assert head is not None
    rule = RecurrenceRule.parse(series.rrule, uow.zone)
    whole = rule.expand(series.first_local)
    before = [local for local in whole if local < head]
    try:
        rest = rule.lasting(len(whole) - len(before)).shifted(day_shift(head, head + shift))
        rest.expand(head + shift)
    except RuleUnreadable as unreadable:
        raise unfit(unreadable, STARTS_AT) from unreadable
    target = series
    if before:
        target = split(uow, series)
        series.rrule = str(rule.lasting(len(before)))
        uow.db.add(target)
    target.rrule, target.first_local = str(rest), head + shift
    target.practitioner_id = edit.practitioner_id or target.practitioner_id
    target.duration_minutes = edit.duration_minutes or target.duration_minutes
    if edit.room is not None:
        target.room_id = edit.room[0]
    await uow.db.flush()
    await series_repository.hand_over(
        uow,
        head,
        source=series.id,
        target=target.id,
        shift=shift,
        besides=[each.id for each in held.coming],
    )
    return target.id


def split(uow: UnitOfWork, series: AppointmentSeries) -> AppointmentSeries:
    """A series like this one, which goes on where it ends."""
    return AppointmentSeries(
        patient_id=series.patient_id,
        practitioner_id=series.practitioner_id,
        visit_type_id=series.visit_type_id,
        room_id=series.room_id,
        duration_minutes=series.duration_minutes,
        reason=series.reason,
        continues=series.id,
        created_by=uow.actor.id,
        created_at=uow.now,
    )


async def trace(uow: UnitOfWork, action: str, change: SeriesChange, scope: Scope | None) -> None:
    await audit.record(
        uow,
        action,
        patient_id=change.appointment.patient_id,
        subject=("appointment_series", change.series_id),
        detail={
            "appointment": str(change.appointment.id),
            "scope": scope,
            "changed": len(change.changed),
            "kept": len(change.kept),
            "left": len(change.left),
        },
    )
