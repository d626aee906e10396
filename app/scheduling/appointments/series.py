"""Appointments that repeat: each occurrence is an appointment of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app import audit
from app.infra.uow import UnitOfWork
from app.kernel.recurrence import RuleUnreadable
from app.scheduling.appointments import repository, series_repository
from app.scheduling.appointments.asking import Place, wanted_at
from app.scheduling.appointments.errors import (
    Alternative,
    Fault,
    Obstacle,
    OccurrenceTaken,
    RuleUnfit,
    SeriesTaken,
)
from app.scheduling.appointments.lapsing import let_go
from app.scheduling.appointments.models import Appointment
from app.scheduling.appointments.obstacles import everything_in_the_way
from app.scheduling.appointments.placing import Details, place
from app.scheduling.appointments.policies import (
    may_override,
    overriding_with,
    require_booker,
)
from app.scheduling.appointments.refusing import alternatives_to
from app.scheduling.appointments.schemas import BookAppointment, CancelledBy, OnConflict
from app.scheduling.appointments.series_models import AppointmentSeries
from app.scheduling.appointments.series_rules import RecurrenceRule
from app.scheduling.appointments.series_schemas import NewSeries
from app.scheduling.appointments.wanted import Wanted
from app.scheduling.availability import wall_to_instant

RULE = ("body", "rrule")
FIRST = ("body", "first", "starts_at")
MOST_LOOKED_FOR = 12  # alternatives are a search each; who has more in the way changes the rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One time the rule gives: what came of it, or what is in the way and what is near."""

    local: datetime
    wanted: Wanted
    appointment: Appointment | None = None
    conflicts: Sequence[Obstacle] = ()
    alternatives: Sequence[Alternative] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request for a series, understood."""

    patient: repository.Person
    rule: RecurrenceRule
    times: list[tuple[datetime, Wanted]]  # wall time, and the instant it is


async def preview_series(
    uow: UnitOfWork, new: NewSeries
) -> tuple[RecurrenceRule, list[Occurrence]]:
    """What a series would be and what is in its way, now; books nothing.

    Raises `RuleUnfit` and what booking raises but `SlotTaken`.
    """
    require_booker(uow)
    asked = await understood(uow, new)
    found = []
    for local, wanted in asked.times:
        conflicts = await everything_in_the_way(uow, wanted)
        found.append(Occurrence(local=local, wanted=wanted, conflicts=conflicts))
    await audit.record(uow, "appointment_series.preview", patient_id=asked.patient.id)
    return asked.rule, await with_alternatives(uow, found)


async def book_series(
    uow: UnitOfWork, new: NewSeries
) -> tuple[AppointmentSeries, list[Occurrence]]:
    """Book every occurrence of a rule, or with `skip` all that can be had.

    Raises `SeriesTaken` with everything in the way of each (with `skip` only when there is
    something in the way of all), `RuleUnfit`, and what booking raises but `SlotTaken`.
    """
    require_booker(uow)
    return await series_repository.despite_deadlocks(uow, lambda: book_all(uow, new))


async def book_all(uow: UnitOfWork, new: NewSeries) -> tuple[AppointmentSeries, list[Occurrence]]:
    asked = await understood(uow, new)
    await free_hold(uow, new.first)
    whose = (new.first.practitioner_id, asked.patient.id, new.first.room_id)
    await series_repository.take_turns(uow, whose)
    series, found = await place_all(uow, new, asked)
    booked = [each for each in found if each.appointment is not None]
    if len(booked) < len(found):
        found = await with_alternatives(uow, found)
        if new.on_conflict is OnConflict.REFUSE or not booked:
            raise taken(uow, found)
    await audit.record(
        uow,
        "appointment_series.book",
        patient_id=asked.patient.id,
        subject=("appointment_series", series.id),
        detail={"appointments": len(booked), "left_out": len(found) - len(booked)},
    )
    return series, found


async def read_series(
    uow: UnitOfWork, series_id: UUID
) -> tuple[AppointmentSeries, list[Occurrence]]:
    """A series, each time of its rule and what became of it; raises `SeriesNotFound`."""
    series = await series_repository.get(uow, series_id)
    rows = {
        row.occurrence_local: row for row in await series_repository.occurrences(uow, series.id)
    }
    rule = RecurrenceRule.parse(series.rrule, uow.zone)
    found = []
    for local in sorted({*rule.expand(series.first_local), *filter(None, rows)}):
        starts_at = wall_to_instant(uow.zone, local)
        wanted = Wanted(
            practitioner_id=series.practitioner_id,
            visit_type_id=series.visit_type_id,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=series.duration_minutes),
        )
        found.append(Occurrence(local=local, wanted=wanted, appointment=rows.get(local)))
    await audit.record(
        uow,
        "appointment_series.read",
        patient_id=series.patient_id,
        subject=("appointment_series", series.id),
    )
    return series, found


async def understood(uow: UnitOfWork, new: NewSeries) -> Asked:
    patient = await repository.patient(uow, new.first.patient_id)
    where = Place(
        practitioner_id=new.first.practitioner_id,
        visit_type_id=new.first.visit_type_id,
        starts_at=new.first.starts_at,
        duration_minutes=new.first.duration_minutes,
        room_id=new.first.room_id,
    )
    wanted = await wanted_at(uow, where, patient_id=patient.id)
    # One's own hold is not in the way of what it is held for.
    wanted = replace(wanted, ignoring=new.first.hold_id)
    first = local_of(uow, new.first.starts_at, FIRST)
    try:
        rule = RecurrenceRule.parse(new.rrule, uow.zone)
        locals_ = rule.expand(first)
    except RuleUnreadable as unreadable:
        raise unfit(unreadable) from unreadable
    times = [(local, wanted.at(wall_to_instant(uow.zone, local))) for local in locals_]
    return Asked(patient=patient, rule=rule, times=times)


def local_of(uow: UnitOfWork, instant: datetime, at: tuple[str, ...]) -> datetime:
    """The clinic's wall time then; raises `RuleUnfit` where the clock shows it a second time."""
    local = instant.astimezone(uow.zone).replace(tzinfo=None, fold=0)
    if wall_to_instant(uow.zone, local) != instant.astimezone(UTC):
        why = "The clock shows this time twice that night; a series can begin at the first one."
        raise unfit(RuleUnreadable("shown_twice", why), at)
    return local


def unfit(unreadable: RuleUnreadable, at: tuple[str, ...] = RULE) -> RuleUnfit:
    return RuleUnfit(errors=[Fault(at=[*at], why=unreadable.why, rule=unreadable.rule)])


async def free_hold(uow: UnitOfWork, first: BookAppointment) -> None:
    """Give up the hold of whoever books: in our transaction, so its time goes to nobody else."""
    hold = await repository.hold(uow, first.hold_id) if first.hold_id else None
    if hold is not None:
        let_go(uow, hold, CancelledBy.CLINIC, "replaced")
        await uow.db.flush()


async def place_all(
    uow: UnitOfWork, new: NewSeries, asked: Asked
) -> tuple[AppointmentSeries, list[Occurrence]]:
    """Place the occurrences in the order of time: two who do that never wait for each other."""
    first_local, wanted = asked.times[0]
    series = AppointmentSeries(
        patient_id=asked.patient.id,
        practitioner_id=wanted.practitioner_id,
        visit_type_id=wanted.visit_type_id,
        room_id=wanted.room_id,
        rrule=str(asked.rule),
        first_local=first_local,
        duration_minutes=wanted.duration.seconds // 60,
        reason=new.first.reason,
        created_by=uow.actor.id,
        created_at=uow.now,
    )
    uow.db.add(series)
    await uow.db.flush()
    overriding = overriding_with(uow, new.first.override)
    details = Details(
        patient=asked.patient,
        reason=new.first.reason,
        override_reason=new.first.override.reason if new.first.override else None,
        series_id=series.id,
    )
    found = []
    for local, each in asked.times:
        its = replace(details, occurrence_local=local)
        placed = await place(uow, each, its, overriding=overriding)
        if isinstance(placed, Appointment):
            found.append(Occurrence(local=local, wanted=each, appointment=placed))
        else:
            found.append(Occurrence(local=local, wanted=each, conflicts=placed))
    return series, found


async def with_alternatives(uow: UnitOfWork, found: Sequence[Occurrence]) -> list[Occurrence]:
    """The same, the first of those that cannot be had with what is free near them."""
    looked_for = [each.local for each in found if each.conflicts][:MOST_LOOKED_FOR]
    return [
        replace(each, alternatives=await alternatives_to(uow, each.wanted))
        if each.local in looked_for
        else each
        for each in found
    ]


def taken(uow: UnitOfWork, found: Sequence[Occurrence]) -> SeriesTaken:
    """The refusal, ready to be raised."""
    refused = [each for each in found if each.conflicts]
    return SeriesTaken(
        occurrences=[
            OccurrenceTaken(
                appointment_id=each.appointment.id if each.appointment else None,
                starts_at=each.wanted.starts_at,
                ends_at=each.wanted.ends_at,
                conflicts=[*each.conflicts],
                alternatives=[*each.alternatives],
            )
            for each in refused
        ],
        overridable=overridable(uow, refused),
    )


def overridable(uow: UnitOfWork, found: Sequence[Occurrence]) -> bool:
    return may_override(uow.actor, {o["kind"] for each in found for o in each.conflicts})
