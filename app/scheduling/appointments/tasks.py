"""What the worker does with the appointment book when nobody asks."""

from app import audit
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling.appointments import repository
from app.scheduling.appointments.day_flow import miss
from app.scheduling.appointments.lapsing import lapse
from app.scheduling.rules import SchedulingRules

SWEEPER = Actor.system("appointment-sweeper")
BATCH = 100


async def cancel_expired_holds(works: Works) -> int:
    """Give back the time of holds that are over; returns how many there were."""
    total = 0
    while True:
        async with works.begin(SWEEPER) as uow:
            lapsed = await lapse(uow, limit=BATCH)
            if lapsed:
                await audit.record(uow, "appointment.lapse", detail={"holds": lapsed})
        total += lapsed
        if lapsed < BATCH:
            return total


async def mark_no_shows(works: Works, rules: SchedulingRules) -> int:
    """Take those for no-shows who have not come so long after the beginning; returns how many."""
    total = 0
    while True:
        async with works.begin(SWEEPER) as uow:
            due = await repository.not_come(uow, uow.now - rules.no_show_after, BATCH)
            for appointment in due:
                await miss(uow, appointment)
                await audit.record(
                    uow,
                    "appointment.no-show",
                    patient_id=appointment.patient_id,
                    subject=("appointment", appointment.id),
                )
        total += len(due)
        if len(due) < BATCH:
            return total
