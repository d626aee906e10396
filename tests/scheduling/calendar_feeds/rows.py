"""Appointments as rows, for tests that only read them: any time, any state."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range

from app import patients
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling.appointments import Appointment, AppointmentStatus


async def an_appointment(
    works: Works,
    doctor: Actor,
    patient: patients.Patient,
    visit_type_id: UUID,
    starts_at: datetime,
    **more: Any,
) -> UUID:
    """Half an hour, booked, unless told otherwise; returns its id."""
    async with works.begin(doctor) as uow:
        row = {
            "id": uuid4(),
            "status": AppointmentStatus.BOOKED,
            "practitioner_id": doctor.id,
            "patient_id": patient.id,
            "patient_name": f"{patient.given_name} {patient.family_name}",
            "visit_type_id": visit_type_id,
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=30),
            "practitioner_share": Range(0, 27720),
            "created_by": doctor.id,
            "booked_by": doctor.id,
            "booked_at": uow.now,
            "created_at": uow.now,
        } | more
        await uow.db.execute(insert(Appointment).values(row))
        return row["id"]
