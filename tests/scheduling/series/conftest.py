"""A clinic in Vienna, where the clocks change on 29-Mar-2026, and who books series there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling import appointments
from app.scheduling.appointments import Appointment, AppointmentSeries, SeriesChange
from app.scheduling.appointments.series import Occurrence
from app.scheduling.availability import wall_to_instant
from tests.builders.appointments import new_booking
from tests.builders.availability import Clinic, a_clinic
from tests.builders.patients import a_patient

VIENNA = ZoneInfo("Europe/Vienna")


def wall(clock: str) -> datetime:
    """2026-03-09T09:00 on the clinic's wall, as an instant."""
    return wall_to_instant(VIENNA, datetime.fromisoformat(f"2026-{clock}"))


def local(moment: datetime) -> str:
    """An instant as the clinic's clock shows it, without the year."""
    return f"{moment.astimezone(VIENNA):%m-%dT%H:%M}"


@dataclass
class Desk:
    """What a receptionist does with series, and what there is afterwards."""

    works: Works
    actor: Actor
    clinic: Clinic
    patient_id: UUID

    def asked(
        self, starts: str = "03-09T09:00", rrule: str = "FREQ=WEEKLY;COUNT=4", **fields: Any
    ) -> appointments.NewSeries:
        on_conflict = fields.pop("on_conflict", appointments.OnConflict.REFUSE)
        first = new_booking(
            self.clinic, fields.pop("patient_id", self.patient_id), wall(starts), **fields
        )
        return appointments.NewSeries(first=first, rrule=rrule, on_conflict=on_conflict)

    async def book(self, *args: Any, **fields: Any) -> tuple[UUID, list[UUID]]:
        """The series and its appointments, in order."""
        async with self.works.begin(self.actor) as uow:
            series, found = await appointments.book_series(uow, self.asked(*args, **fields))
            return series.id, [each.appointment.id for each in found if each.appointment]

    async def preview(self, *args: Any, **fields: Any) -> list[Occurrence]:
        async with self.works.begin(self.actor) as uow:
            return (await appointments.preview_series(uow, self.asked(*args, **fields)))[1]

    async def single(self, clock: str, **fields: Any) -> UUID:
        """An appointment of somebody else, with the same doctor unless said otherwise."""
        other = await a_patient(self.works, self.actor)
        async with self.works.begin(self.actor) as uow:
            new = new_booking(self.clinic, other.id, wall(clock), **fields)
            return (await appointments.book_appointment(uow, new)).id

    async def change(
        self, appointment_id: UUID, clock: str | None = None, **fields: Any
    ) -> SeriesChange:
        """Of this and the following, unless a scope is named."""
        when = {"starts_at": wall(clock)} if clock else {}
        asked = appointments.Reschedule.model_validate({"scope": "following", **when, **fields})
        async with self.works.begin(self.actor) as uow:
            return await appointments.reschedule_series(uow, appointment_id, asked)

    async def move_alone(self, appointment_id: UUID, clock: str, **fields: Any) -> None:
        asked = appointments.Reschedule.model_validate({"starts_at": wall(clock), **fields})
        async with self.works.begin(self.actor) as uow:
            await appointments.reschedule(uow, appointment_id, asked)

    async def cancel(self, appointment_id: UUID, scope: str | None = None) -> SeriesChange | None:
        asked = appointments.CancelAppointment.model_validate(
            {"reason": "feels well again", "by": "patient", "scope": scope}
        )
        async with self.works.begin(self.actor) as uow:
            if scope is not None:
                return await appointments.cancel_series(uow, appointment_id, asked)
            await appointments.cancel(uow, appointment_id, asked)
            return None

    async def undo(self, appointment_id: UUID) -> None:
        async with self.works.begin(self.actor) as uow:
            await appointments.undo(uow, appointment_id)

    async def rows(self, ids: Sequence[UUID] | None = None) -> list[Appointment]:
        """Everything in the book that is not a hold, by time; or these, in this order."""
        async with self.works.sessions() as session:
            found = (
                await session.scalars(
                    select(Appointment)
                    .where(Appointment.status != "pending")
                    .order_by(Appointment.starts_at)
                )
            ).all()
        by_id = {each.id: each for each in found}
        return list(found) if ids is None else [by_id[each] for each in ids]

    async def times(self, ids: Sequence[UUID]) -> list[str]:
        return [local(each.starts_at) for each in await self.rows(ids)]

    async def series(self, series_id: UUID) -> AppointmentSeries:
        async with self.works.sessions() as session:
            found = await session.get(AppointmentSeries, series_id)
            assert found is not None
            return found

    async def seen(self, series_id: UUID) -> list[tuple[str, str | None]]:
        """Each time of the rule, and where its appointment is."""
        async with self.works.begin(self.actor) as uow:
            _, found = await appointments.read_series(uow, series_id)
            return [
                (
                    f"{each.local:%m-%dT%H:%M}",
                    local(each.appointment.starts_at) if each.appointment else None,
                )
                for each in found
            ]


@pytest.fixture
async def desk(works: Works, receptionist: Actor, doctor: Actor) -> Desk:
    in_vienna = replace(works, zone=VIENNA)
    clinic = await a_clinic(in_vienna, receptionist, doctor)
    patient = await a_patient(in_vienna, receptionist)
    return Desk(in_vienna, receptionist, clinic, patient.id)
