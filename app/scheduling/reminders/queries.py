"""Looking at reminders."""

from collections.abc import Sequence
from uuid import UUID

from app import audit
from app.infra.uow import UnitOfWork
from app.kernel.paging import Cursor, PageRequest, page_of
from app.scheduling import appointments
from app.scheduling.reminders import repository
from app.scheduling.reminders.lifecycle import ReminderStatus
from app.scheduling.reminders.models import Reminder

FIRST_PAGE = PageRequest()


async def reminders_of(uow: UnitOfWork, appointment_id: UUID) -> Sequence[Reminder]:
    """Every reminder of an appointment, void and failed ones too; raises `AppointmentNotFound`."""
    appointment = await appointments.get_appointment(uow, appointment_id)
    await audit.record(
        uow,
        "reminder.list_appointment",
        patient_id=appointment.patient_id,
        subject=("appointment", appointment.id),
    )
    return await repository.of_appointment(uow, appointment.id)


async def list_reminders(
    uow: UnitOfWork, *, status: ReminderStatus | None = None, page: PageRequest = FIRST_PAGE
) -> tuple[list[Reminder], str | None]:
    """Reminders of everybody, latest first, and the cursor of the next page."""
    rows = await repository.page(uow, status, page)
    found, next_cursor = page_of(
        rows, page, key=lambda row: Cursor(at=row[0].send_at, id=row[0].id)
    )
    ids = list(dict.fromkeys(str(patient_id) for _, patient_id in found))
    await audit.record(uow, "reminder.list", detail={"patients": ids})
    return [reminder for reminder, _ in found], next_cursor
