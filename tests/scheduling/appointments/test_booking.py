"""Booking a time: given away once, and refused with everything that is in the way."""

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling.appointments import AppointmentStatus
from tests.builders.appointments import an_appointment, at
from tests.builders.availability import Clinic


async def test_a_free_time_is_booked(works: Works, receptionist: Actor, clinic: Clinic) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    assert (booked.status, booked.ends_at) == (AppointmentStatus.BOOKED, at("10:30"))
    assert booked.patient_name == "Mara Okafor-Lind"
