"""Everything that is in the way of a time, told at once: other appointments and broken rules."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from app.infra.uow import UnitOfWork
from app.scheduling.appointments import repository
from app.scheduling.appointments.errors import Obstacle, ObstacleKind
from app.scheduling.appointments.lifecycle import AppointmentStatus
from app.scheduling.appointments.repository import Busy
from app.scheduling.appointments.shares import Share, free_share
from app.scheduling.appointments.wanted import Wanted
from app.scheduling.availability import Opening, covers, openings

INSTANT = timedelta(microseconds=1)
DAY = timedelta(days=1)


async def everything_in_the_way(uow: UnitOfWork, wanted: Wanted) -> list[Obstacle]:
    """What would refuse this time now; empty says nothing about the moment after.

    Changes nothing: holds that are over are passed by.
    """
    broken = await rules_broken(uow, wanted)
    rows = await repository.busy(uow, wanted)
    return broken + taken_by(wanted, [row for row in rows if not row.expired(uow.now)])


async def rules_broken(uow: UnitOfWork, wanted: Wanted) -> list[Obstacle]:
    """The rules of the clinic this time breaks, whoever else has it."""
    first = wanted.starts_at.astimezone(uow.zone).date()
    last = (wanted.ends_at - INSTANT).astimezone(uow.zone).date()
    whose = wanted.practitioner_id
    found = await openings(uow, [whose], first, last + DAY, known=wanted.hours)
    return broken_rules(uow, wanted, found[whose])


def broken_rules(uow: UnitOfWork, wanted: Wanted, opening: Opening) -> list[Obstacle]:
    """Like `rules_broken`, of a doctor whose opening is known for all the days it touches."""
    kinds = []
    if not wanted.offered:
        kinds.append(ObstacleKind.NOT_OFFERED)
    if wanted.ends_at <= uow.now:
        kinds.append(ObstacleKind.IN_THE_PAST)
    if not covers(opening.spans, wanted.starts_at, wanted.ends_at):
        days = {
            moment.astimezone(uow.zone).date()
            for moment in (wanted.starts_at, wanted.ends_at - INSTANT)
        }
        if days & opening.closed_days:
            kinds.append(ObstacleKind.CLOSED_DAY)
        elif opening.hours_known:
            kinds.append(ObstacleKind.OUTSIDE_HOURS)
    return [
        Obstacle(
            kind=kind,
            appointment_id=None,
            starts_at=wanted.starts_at,
            ends_at=wanted.ends_at,
            status=None,
            held=False,
            practitioner_id=wanted.practitioner_id,
            room_id=None,
        )
        for kind in kinds
    ]


def taken_by(wanted: Wanted, rows: Sequence[Busy]) -> list[Obstacle]:
    """Who has the doctor, the patient and the room, where nothing is left of them."""
    found: list[Obstacle] = []
    for kind, theirs, taken, lanes, parallel in (
        (ObstacleKind.PRACTITIONER, *of_doctor(wanted, rows), wanted.lanes, wanted.parallel),
        (ObstacleKind.PATIENT, *of_patient(wanted, rows), 1, 1),
        (ObstacleKind.ROOM, *of_room(wanted, rows), 1, wanted.parallel),
    ):
        if free_share(taken, lanes, parallel) is None:
            found += [obstacle(kind, row) for row in theirs]
    return found


def crowded(wanted: Wanted, rows: Sequence[Busy]) -> list[Obstacle]:
    """Whoever is there with the doctor: others were quicker each time something was free."""
    return [obstacle(ObstacleKind.PRACTITIONER, row) for row in of_doctor(wanted, rows)[0]]


def of_doctor(wanted: Wanted, rows: Iterable[Busy]) -> tuple[list[Busy], list[Share]]:
    theirs = [row for row in rows if row.practitioner_id == wanted.practitioner_id]
    return theirs, [row.practitioner_share for row in theirs]


def of_patient(wanted: Wanted, rows: Iterable[Busy]) -> tuple[list[Busy], list[Share]]:
    theirs = [row for row in rows if is_same(row.patient_id, wanted.patient_id)]
    return theirs, [row.patient_share for row in theirs]


def of_room(wanted: Wanted, rows: Iterable[Busy]) -> tuple[list[Busy], list[Share]]:
    theirs = [row for row in rows if is_same(row.room_id, wanted.room_id)]
    return theirs, [row.room_share for row in theirs]


def is_same(one: UUID | None, other: UUID | None) -> bool:
    return one is not None and one == other


def obstacle(kind: ObstacleKind, row: Busy) -> Obstacle:
    return Obstacle(
        kind=kind,
        appointment_id=row.id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        status=row.status,
        held=row.status is AppointmentStatus.PENDING,
        practitioner_id=row.practitioner_id,
        room_id=row.room_id,
    )
