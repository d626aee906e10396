"""What tests look at: rows, history, facts, traces, and how many statements something took."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app import audit
from app.infra.outbox import OutboxRow
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling import appointments
from app.scheduling.appointments import AppointmentStatus

Step = tuple[AppointmentStatus | None, AppointmentStatus]


async def fresh(works: Works, by: Actor, appointment_id: UUID) -> appointments.Appointment:
    """The row as it is now."""
    async with works.begin(by) as uow:
        return await appointments.get_appointment(uow, appointment_id)


async def out(works: Works, by: Actor, appointment_id: UUID) -> appointments.AppointmentOut:
    async with works.begin(by) as uow:
        found = await appointments.get_appointment(uow, appointment_id)
        return (await appointments.shown(uow, [found]))[0]


async def steps(works: Works, by: Actor, appointment_id: UUID) -> list[Step]:
    """From state to state, in order."""
    async with works.begin(by) as uow:
        history = await appointments.history_of(uow, appointment_id)
        return [(move.from_status, move.to_status) for move in history]


async def facts(works: Works) -> list[tuple[str, dict[str, Any]]]:
    """Everything published so far, without the name of the slice and the version."""
    async with works.sessions() as db:
        rows = (await db.scalars(select(OutboxRow).order_by(OutboxRow.seq))).all()
    return [
        (row.name.removeprefix("scheduling.").removesuffix(".v1"), row.payload)
        for row in rows
        if row.name.startswith("scheduling.")
    ]


async def names_of_facts(works: Works) -> list[str]:
    return [name for name, _ in await facts(works)]


async def traces(works: Works) -> list[tuple[str, dict[str, Any]]]:
    """The audit trail of appointments: what was done, with which details."""
    async with works.sessions() as db:
        seen = audit.AuditEvent
        rows = (await db.scalars(select(seen).order_by(seen.seq))).all()
    return [(row.action, row.detail) for row in rows if row.action.startswith("appointment.")]


def kinds(refusal: appointments.SlotTaken | appointments.UndoRefused) -> list[str]:
    return [str(conflict["kind"]) for conflict in refusal.conflicts]
