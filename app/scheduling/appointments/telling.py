"""The facts of the appointment book, put into words once."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from app.infra.uow import UnitOfWork
from app.scheduling.appointments.events import (
    AppointmentBooked,
    AppointmentEdited,
    AppointmentMoved,
    AppointmentRepointed,
    AppointmentStatusChanged,
    SlotOpened,
)
from app.scheduling.appointments.lifecycle import AppointmentStatus
from app.scheduling.appointments.models import Appointment
from app.scheduling.appointments.wanted import Wanted

SHORTEST_OPENING = timedelta(minutes=5)


class Had(NamedTuple):
    """The time an appointment has, or had before it was moved."""

    practitioner_id: UUID
    visit_type_id: UUID
    room_id: UUID | None
    starts_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, taken: Appointment | Wanted) -> "Had":
        return cls(*(getattr(taken, name) for name in cls._fields))

    def holds(self, wanted: Wanted) -> bool:
        """Whether what is wanted is a part of it."""
        return (
            self.practitioner_id == wanted.practitioner_id
            and self.starts_at <= wanted.starts_at
            and wanted.ends_at <= self.ends_at
        )

    def same_time(self, other: "Had") -> bool:
        return self._replace(visit_type_id=other.visit_type_id, room_id=other.room_id) == other

    def freed_by(self, moved: Appointment) -> list["Had"]:
        """What is left of it once the appointment has moved."""
        if moved.practitioner_id != self.practitioner_id:
            return [self]
        before = self._replace(ends_at=min(self.ends_at, moved.starts_at))
        after = self._replace(starts_at=max(self.starts_at, moved.ends_at))
        parts = [before, after] if before.starts_at != after.starts_at else [self]
        return [part for part in parts if part.ends_at - part.starts_at >= SHORTEST_OPENING]


async def tell_booked(uow: UnitOfWork, appointment: Appointment) -> None:
    assert appointment.patient_id is not None
    await uow.publish(
        AppointmentBooked(
            appointment_id=appointment.id,
            patient_id=appointment.patient_id,
            practitioner_id=appointment.practitioner_id,
            visit_type_id=appointment.visit_type_id,
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
            version=appointment.version,
        )
    )


async def tell_status(
    uow: UnitOfWork, appointment: Appointment, before: AppointmentStatus | None
) -> None:
    await uow.publish(
        AppointmentStatusChanged(
            appointment_id=appointment.id,
            patient_id=appointment.patient_id,
            practitioner_id=appointment.practitioner_id,
            from_status=before,
            to_status=appointment.status,
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
            version=appointment.version,
        )
    )


async def tell_moved(uow: UnitOfWork, moved: Appointment, before: Had) -> None:
    """Tell of another time or doctor; another room or type is seen in the calendar only."""
    if before.same_time(Had.of(moved)):
        return
    assert moved.patient_id is not None
    await uow.publish(
        AppointmentMoved(
            appointment_id=moved.id,
            patient_id=moved.patient_id,
            practitioner_id=moved.practitioner_id,
            visit_type_id=moved.visit_type_id,
            starts_at=moved.starts_at,
            ends_at=moved.ends_at,
            from_starts_at=before.starts_at,
            from_ends_at=before.ends_at,
            from_practitioner_id=before.practitioner_id,
            version=moved.version,
        )
    )
    for part in before.freed_by(moved):
        await tell_opened(uow, part, moved.patient_id)


async def tell_edited(uow: UnitOfWork, edited: Appointment) -> None:
    await uow.publish(
        AppointmentEdited(
            appointment_id=edited.id, patient_id=edited.patient_id, version=edited.version
        )
    )


async def tell_repointed(uow: UnitOfWork, repointed: Appointment, before: UUID) -> None:
    assert repointed.patient_id is not None
    await uow.publish(
        AppointmentRepointed(
            appointment_id=repointed.id,
            patient_id=repointed.patient_id,
            from_patient_id=before,
            version=repointed.version,
        )
    )


async def tell_opened(uow: UnitOfWork, had: Had, given_up_by: UUID | None) -> None:
    """Somebody who waits may like to have it, as long as it is still to come."""
    if had.starts_at > uow.now:
        await uow.publish(SlotOpened(**had._asdict(), given_up_by=given_up_by))
