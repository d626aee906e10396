"""What an encounter does to its appointment; the encounter leaves the trace in the audit trail."""

from uuid import UUID

from app.infra.uow import UnitOfWork
from app.kernel.lifecycle import IllegalMove
from app.scheduling.appointments import repository
from app.scheduling.appointments.day_flow import advance, locked
from app.scheduling.appointments.lapsing import CALENDAR
from app.scheduling.appointments.lifecycle import APPOINTMENT, AppointmentStatus
from app.scheduling.appointments.models import Appointment
from app.scheduling.appointments.telling import tell_status
from app.scheduling.appointments.today import require_today

S = AppointmentStatus


async def begin_consultation(uow: UnitOfWork, appointment_id: UUID) -> Appointment:
    """The doctor is with the patient. Raises `IllegalMove`, and `NotToday` for one just booked."""
    appointment = await locked(uow, appointment_id)
    if appointment.status is S.BOOKED:
        require_today(uow, appointment)
    here = {S.BOOKED, S.ARRIVED, S.IN_ROOM}
    await advance(uow, appointment, S.WITH_DOCTOR, only_from=here)
    return appointment


async def finish_consultation(uow: UnitOfWork, appointment_id: UUID) -> Appointment:
    """The doctor has finished; raises `IllegalMove`."""
    appointment = await locked(uow, appointment_id)
    await advance(uow, appointment, S.FINISHED, only_from={S.WITH_DOCTOR})
    return appointment


async def reopen_consultation(uow: UnitOfWork, appointment_id: UUID) -> Appointment:
    """The encounter was none after all: the patient is back where they were before it began."""
    appointment = await locked(uow, appointment_id)
    before = appointment.status
    begun = await repository.latest_move(uow, appointment.id)
    if before is not S.WITH_DOCTOR or begun is None or begun.from_status is None:
        raise IllegalMove(lifecycle=APPOINTMENT.name, current=before, target=S.IN_ROOM)
    back = appointment.move(begun.from_status, by=uow.actor.id, at=uow.now, undoes=begun.seq)
    uow.db.add(back)
    uow.wake(CALENDAR)
    await tell_status(uow, appointment, before)
    return appointment
