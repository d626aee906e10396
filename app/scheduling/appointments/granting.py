"""Giving time away: the database decides, and only when it refuses does anybody look why.

Nobody is given a time because it was seen free: an appointment is written, and where an exclusion
constraint finds the time taken, one query finds everything in the way; if that leaves another lane
free, the next attempt takes it. Two who want the same lane may both see it free: one of them is
refused again. What was seen before the first attempt can only spare it: it says which lane to try,
or that others have all there is.
"""

from collections.abc import Awaitable, Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeVar

from app.infra.uow import UnitOfWork
from app.scheduling.appointments import repository
from app.scheduling.appointments.errors import Obstacle, ObstacleKind
from app.scheduling.appointments.lapsing import lapse
from app.scheduling.appointments.obstacles import (
    crowded,
    of_doctor,
    of_patient,
    of_room,
    rules_broken,
    taken_by,
)
from app.scheduling.appointments.repository import Busy
from app.scheduling.appointments.shares import MOST_LANES, Share, free_share
from app.scheduling.appointments.wanted import Wanted

NOTHING: frozenset[ObstacleKind] = frozenset()
SPARE_ATTEMPTS = 4  # somebody may free a lane and another take it meanwhile

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The shares an appointment takes, and what is overridden so that it may."""

    practitioner: Share
    patient: Share
    room: Share
    overridden: frozenset[ObstacleKind]


async def grant(
    uow: UnitOfWork,
    wanted: Wanted,
    write: Callable[[Fit], Awaitable[T | None]],
    *,
    overriding: AbstractSet[ObstacleKind] = NOTHING,
    rules_known: bool = False,
    seen: Sequence[Busy] = (),
) -> T | list[Obstacle]:
    """What `write` stored at that time, or everything that is in the way.

    `write` returns None when the constraints refuse. `overriding` names what may be in the way;
    what is, stands in the fit that is written. With `rules_known` the rules are not asked: a time
    granted before is not held to them again. `seen` is who was there a moment ago.
    """
    broken = [] if rules_known else await rules_broken(uow, wanted)
    kinds = frozenset(obstacle["kind"] for obstacle in broken)
    if not kinds <= overriding:
        return broken + taken_by(wanted, await present(uow, wanted))
    there = [row for row in seen if not row.expired(uow.now)]
    fit = fit_among(wanted, there, overriding, kinds)
    if fit is None:
        return broken + taken_by(wanted, there)
    lanes = MOST_LANES if ObstacleKind.PRACTITIONER in overriding else wanted.lanes
    for _ in range(lanes * wanted.parallel + SPARE_ATTEMPTS):
        if (stored := await write(fit)) is not None:
            return stored
        rows = await present(uow, wanted)
        other = fit_among(wanted, rows, overriding, kinds)
        if other is None:
            return broken + taken_by(wanted, rows)
        fit = other
    return broken + crowded(wanted, rows)


def fit_among(
    wanted: Wanted,
    rows: Sequence[Busy],
    overriding: AbstractSet[ObstacleKind],
    overridden: frozenset[ObstacleKind],
) -> Fit | None:
    """What an appointment can take beside these; None when somebody's lanes are full."""
    taken = of_doctor(wanted, rows)[1]
    doctor = free_share(taken, wanted.lanes, wanted.parallel)
    if doctor is None and ObstacleKind.PRACTITIONER in overriding:
        doctor = free_share(taken, MOST_LANES, wanted.parallel)
        overridden |= {ObstacleKind.PRACTITIONER}
    taken = of_patient(wanted, rows)[1]
    patient = free_share(taken, 1)
    if patient is None and ObstacleKind.PATIENT in overriding:
        patient = free_share(taken, MOST_LANES)
        overridden |= {ObstacleKind.PATIENT}
    room = free_share(of_room(wanted, rows)[1], 1, wanted.parallel)
    if doctor is None or patient is None or room is None:
        return None
    return Fit(practitioner=doctor, patient=patient, room=room, overridden=overridden)


async def present(uow: UnitOfWork, wanted: Wanted) -> list[Busy]:
    """What is there at that time; holds that are over are cancelled, for they are in the way."""
    rows = await repository.busy(uow, wanted)
    over = {row.id for row in rows if row.expired(uow.now)}
    if over:
        await lapse(uow, among=over)
    return [row for row in rows if row.id not in over]
