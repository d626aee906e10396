"""Looking at appointments."""

from collections.abc import Sequence
from uuid import UUID

from app import audit, identity
from app.infra.uow import UnitOfWork
from app.kernel.paging import Cursor, PageRequest, page_of
from app.patients import seen_among
from app.scheduling.appointments import reading, repository
from app.scheduling.appointments.history_schemas import MoveOut
from app.scheduling.appointments.models import Appointment
from app.scheduling.appointments.reading import AppointmentFilter

EVERYTHING = AppointmentFilter()
FIRST_PAGE = PageRequest()


async def get_appointment(
    uow: UnitOfWork, appointment_id: UUID, *, lock: bool = False
) -> Appointment:
    """An appointment the actor may see, for other verbs to build on; raises `AppointmentNotFound`.

    Leaves no trace in the audit trail: the verb that uses it does. With `lock` nobody moves it
    until this unit of work ends.
    """
    return await repository.get(uow, appointment_id, lock=lock)


async def read_appointment(uow: UnitOfWork, appointment_id: UUID) -> Appointment:
    """Somebody looks at an appointment; raises `AppointmentNotFound`."""
    appointment = await repository.get(uow, appointment_id)
    await audit.record(
        uow,
        "appointment.read",
        patient_id=appointment.patient_id,
        subject=("appointment", appointment.id),
    )
    return appointment


async def history_of(uow: UnitOfWork, appointment_id: UUID) -> list[MoveOut]:
    """Everything that happened to an appointment, in order, and who did it."""
    appointment = await repository.get(uow, appointment_id)
    moves = await repository.moves(uow, appointment_id)
    names = await identity.names_of(uow, {move.moved_by for move in moves})
    await audit.record(
        uow,
        "appointment.read-history",
        patient_id=appointment.patient_id,
        subject=("appointment", appointment.id),
    )
    return [
        MoveOut.model_validate(move).model_copy(update={"moved_by_name": names.get(move.moved_by)})
        for move in moves
    ]


async def list_appointments(
    uow: UnitOfWork, wanted: AppointmentFilter = EVERYTHING, *, page: PageRequest = FIRST_PAGE
) -> tuple[list[Appointment], str | None]:
    """Appointments and holds by time, and the cursor of the next page."""
    rows = await reading.page(uow, wanted, page)
    found, next_cursor = page_of(rows, page, key=lambda each: Cursor(each.starts_at, each.id))
    await note_whom(uow, "appointment.list", found, patient_id=wanted.patient_id)
    return found, next_cursor


async def note_whom(
    uow: UnitOfWork, action: str, seen: Sequence[Appointment], *, patient_id: UUID | None = None
) -> None:
    """Who saw a list saw every patient on it but those hidden from them."""
    ids = dict.fromkeys(each.patient_id for each in seen if each.patient_id is not None)
    known = await seen_among(uow, ids)
    told = [str(each) for each in ids if each in known]
    await audit.record(uow, action, patient_id=patient_id, detail={"patients": told})
