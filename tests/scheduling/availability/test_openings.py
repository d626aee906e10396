"""When doctors can be seen, out of the tables."""

from datetime import date

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling import availability
from tests.builders.availability import a_clinic

MONDAY, SATURDAY = date(2026, 3, 2), date(2026, 3, 7)


async def test_a_doctor_is_open_in_office_hours(
    works: Works, receptionist: Actor, doctor: Actor, other_doctor: Actor
) -> None:
    await a_clinic(works, receptionist, doctor)
    async with works.begin(receptionist) as uow:
        found = await availability.openings(uow, [doctor.id, other_doctor.id], MONDAY, SATURDAY)
    assert [span.starts_at.isoformat()[5:16] for span in found[doctor.id].spans][:3] == [
        "03-02T08:00", "03-02T13:00", "03-03T08:00",
    ]  # fmt: skip
    assert len(found[doctor.id].spans) == 10
    assert found[doctor.id].hours_known
    assert found[other_doctor.id] == availability.Opening(
        spans=[], closed_days=set(), hours_known=False
    )
