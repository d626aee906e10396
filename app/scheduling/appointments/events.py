"""What the appointment book tells the others. Holds are nobody's business and publish nothing."""

from datetime import datetime
from uuid import UUID

from app.kernel.events import DomainEvent
from app.scheduling.appointments.lifecycle import AppointmentStatus


class AppointmentBooked(DomainEvent, name="scheduling.appointment_booked.v1"):
    """Somebody has an appointment now that they did not have before; not told of walk-ins."""

    appointment_id: UUID
    patient_id: UUID
    practitioner_id: UUID
    visit_type_id: UUID
    starts_at: datetime
    ends_at: datetime
    version: int


class AppointmentMoved(DomainEvent, name="scheduling.appointment_moved.v1"):
    """An appointment is at another time, of another length or with another doctor.

    Told of an undone reschedule as well. A change of room alone is not told.
    """

    appointment_id: UUID
    patient_id: UUID
    practitioner_id: UUID
    visit_type_id: UUID
    starts_at: datetime
    ends_at: datetime
    from_starts_at: datetime
    from_ends_at: datetime
    from_practitioner_id: UUID
    version: int


class AppointmentStatusChanged(DomainEvent, name="scheduling.appointment_status_changed.v1"):
    """An appointment that was booked changed its state; `from_status` null: a walk-in came.

    Back from cancelled or noshow to booked is an undo: what followed from the booking is due again.
    """

    appointment_id: UUID
    patient_id: UUID | None
    practitioner_id: UUID
    from_status: AppointmentStatus | None
    to_status: AppointmentStatus
    starts_at: datetime
    ends_at: datetime
    version: int


class AppointmentEdited(DomainEvent, name="scheduling.appointment_edited.v1"):
    """What an appointment is for was said anew; its time is as it was, or was told of by itself."""

    appointment_id: UUID
    patient_id: UUID | None
    version: int


class AppointmentRepointed(DomainEvent, name="scheduling.appointment_repointed.v1"):
    """An appointment stands under another record of the same person: two became one, or two again.

    Nothing else about it changed.
    """

    appointment_id: UUID
    patient_id: UUID
    from_patient_id: UUID
    version: int


class SlotOpened(DomainEvent, name="scheduling.slot_opened.v1"):
    """Time still to come that an appointment had is free: it was cancelled or moved away.

    `given_up_by`: the patient whose it was, who need not be asked whether they want it.
    """

    practitioner_id: UUID
    visit_type_id: UUID
    room_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    given_up_by: UUID | None = None
