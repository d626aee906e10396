"""Reminders over HTTP."""

from uuid import UUID

from fastapi import Request

from app.infra.http.access import STAFF, allow
from app.infra.http.deps import Paging, Uow
from app.infra.http.routing import api_router
from app.scheduling.reminders import preferences, queries
from app.scheduling.reminders.lifecycle import ReminderStatus
from app.scheduling.reminders.policies import PREFERENCE_KEEPERS
from app.scheduling.reminders.schemas import (
    AppointmentReminders,
    ReminderOut,
    ReminderPage,
    ReminderPreference,
    ReminderPreferenceOut,
)
from app.scheduling.rules import SchedulingRules

router = api_router("", "reminders")


@router.get("/appointments/{appointment_id}/reminders", dependencies=[allow(*STAFF)])
async def list_appointment_reminders(appointment_id: UUID, uow: Uow) -> AppointmentReminders:
    """Every reminder of an appointment, with what became of it."""
    found = await queries.reminders_of(uow, appointment_id)
    return AppointmentReminders(items=[ReminderOut.model_validate(each) for each in found])


@router.get("/reminders", dependencies=[allow(*STAFF)])
async def list_reminders(
    uow: Uow, page: Paging, status: ReminderStatus | None = None
) -> ReminderPage:
    """Reminders of all appointments, latest first; with status `failed` those to look after."""
    found, next_cursor = await queries.list_reminders(uow, status=status, page=page)
    items = [ReminderOut.model_validate(each) for each in found]
    return ReminderPage(items=items, next_cursor=next_cursor)


@router.get("/patients/{patient_id}/reminder-preference", dependencies=[allow(*STAFF)])
async def get_reminder_preference(patient_id: UUID, uow: Uow) -> ReminderPreferenceOut:
    """Whether a patient wants to be reminded of appointments."""
    opted_out = await preferences.read_preference(uow, patient_id)
    return ReminderPreferenceOut(patient_id=patient_id, opted_out=opted_out)


@router.put("/patients/{patient_id}/reminder-preference", dependencies=[allow(*PREFERENCE_KEEPERS)])
async def keep_reminder_preference(
    patient_id: UUID, body: ReminderPreference, uow: Uow, request: Request
) -> ReminderPreferenceOut:
    """Write down whether a patient wants to be reminded; what is planned follows at once."""
    rules: SchedulingRules = request.state.scheduling_rules
    await preferences.keep_preference(
        uow, patient_id, opted_out=body.opted_out, plans=rules.reminders
    )
    return ReminderPreferenceOut(patient_id=patient_id, opted_out=body.opted_out)
