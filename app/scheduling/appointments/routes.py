"""The appointment book over HTTP."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response

from app.infra.http.access import STAFF, allow
from app.infra.http.deps import Paging, Uow
from app.infra.http.etags import IfMatch, put_etag
from app.infra.http.problems import described
from app.infra.http.routing import api_router
from app.infra.uow import UnitOfWork
from app.kernel.instants import Instant
from app.scheduling.appointments import (
    booking,
    calling_off,
    day_flow,
    holding,
    moving,
    queries,
    series_edits,
    undoing,
    walking_in,
)
from app.scheduling.appointments.history_schemas import AppointmentHistory
from app.scheduling.appointments.lifecycle import AppointmentStatus
from app.scheduling.appointments.models import Appointment
from app.scheduling.appointments.policies import BOOKERS
from app.scheduling.appointments.presenting import presented, shown
from app.scheduling.appointments.reading import AppointmentFilter
from app.scheduling.appointments.schemas import (
    AppointmentOut,
    AppointmentPage,
    BookAppointment,
    CancelAppointment,
    ChangeAppointment,
    EnterInError,
    HoldSlot,
    RecordRooming,
    Reschedule,
    Scope,
    WalkIn,
)
from app.scheduling.appointments.series_edits import SeriesChange
from app.scheduling.appointments.series_presenting import change_shown
from app.scheduling.appointments.series_schemas import ChangedAppointmentOut
from app.scheduling.rules import SchedulingRules

router = api_router("/appointments", "appointments")

Responses = dict[int | str, dict[str, Any]]
SEVERAL = {Scope.FOLLOWING, Scope.ALL}

TAKEN: Responses = {
    409: described(
        HTTPStatus.CONFLICT,
        "slot-taken: something is in the way at this time; conflicts says what, alternatives when",
    )
}
STALE: Responses = {
    412: described(
        HTTPStatus.PRECONDITION_FAILED,
        "appointment-changed: somebody changed this appointment since you read it",
    ),
}
UNSAID: Responses = {
    428: described(
        HTTPStatus.PRECONDITION_REQUIRED,
        "precondition-missing: send If-Match with the ETag you read",
    ),
}


async def seen(uow: UnitOfWork, response: Response, appointment: Appointment) -> AppointmentOut:
    """As the caller sees it, with its version for the next change."""
    put_etag(response, appointment.version)
    return (await shown(uow, [appointment]))[0]


async def changed(
    uow: UnitOfWork, response: Response, appointment: Appointment
) -> ChangedAppointmentOut:
    """One appointment that was changed alone."""
    return ChangedAppointmentOut(**dict(await seen(uow, response, appointment)))


async def seen_with_series(
    uow: UnitOfWork, response: Response, change: SeriesChange
) -> ChangedAppointmentOut:
    put_etag(response, change.appointment.version)
    return await change_shown(uow, change)


@router.post("/holds", status_code=201, dependencies=[allow(*BOOKERS)], responses=TAKEN)
async def hold_slot(
    body: HoldSlot, uow: Uow, request: Request, response: Response
) -> AppointmentOut:
    """Keep a time for a few minutes.

    Others see it held. It is given back when it is booked, released or over.
    """
    rules: SchedulingRules = request.state.scheduling_rules
    hold = await holding.hold_slot(uow, body, hold_for=rules.hold_for)
    response.headers["Location"] = f"/api/v1/appointments/{hold.id}"
    return await seen(uow, response, hold)


@router.delete("/holds/{hold_id}", status_code=204, dependencies=[allow(*BOOKERS)])
async def release_hold(hold_id: UUID, uow: Uow) -> None:
    """Give back a time you hold."""
    await holding.release_hold(uow, hold_id)


@router.post("", status_code=201, dependencies=[allow(*BOOKERS)], responses=TAKEN)
async def book_appointment(body: BookAppointment, uow: Uow, response: Response) -> AppointmentOut:
    """Book an appointment.

    A time that is taken is refused with everything in the way; with a reason (`override`) some
    of that can be booked over.
    """
    appointment, names = await booking.book_at_last(uow, body)
    response.headers["Location"] = f"/api/v1/appointments/{appointment.id}"
    if names is None:
        return await seen(uow, response, appointment)
    put_etag(response, appointment.version)
    return presented(uow, appointment, names)


@router.post("/walk-ins", status_code=201, dependencies=[allow(*BOOKERS)], responses=TAKEN)
async def walk_in(body: WalkIn, uow: Uow, response: Response) -> AppointmentOut:
    """Somebody came without an appointment and waits."""
    appointment = await walking_in.walk_in(uow, body)
    response.headers["Location"] = f"/api/v1/appointments/{appointment.id}"
    return await seen(uow, response, appointment)


@router.get("", dependencies=[allow(*STAFF)])
async def list_appointments(
    *,
    uow: Uow,
    page: Paging,
    starts_from: Annotated[
        Instant | None, Query(alias="from", description="Those that begin then or later.")
    ] = None,
    starts_before: Annotated[
        Instant | None, Query(alias="to", description="Those that begin before then.")
    ] = None,
    practitioner_id: Annotated[list[UUID] | None, Query(max_length=100)] = None,
    patient_id: UUID | None = None,
    status: Annotated[list[AppointmentStatus] | None, Query(max_length=10)] = None,
) -> AppointmentPage:
    """Appointments and holds, by the time they begin."""
    wanted = AppointmentFilter(
        starts_from=starts_from,
        starts_before=starts_before,
        practitioner_ids=practitioner_id or (),
        patient_id=patient_id,
        statuses=status or (),
    )
    found, next_cursor = await queries.list_appointments(uow, wanted, page=page)
    return AppointmentPage(items=await shown(uow, found), next_cursor=next_cursor)


@router.get("/{appointment_id:uuid}", dependencies=[allow(*STAFF)])
async def get_appointment(appointment_id: UUID, uow: Uow, response: Response) -> AppointmentOut:
    """One appointment."""
    return await seen(uow, response, await queries.read_appointment(uow, appointment_id))


@router.patch(
    "/{appointment_id:uuid}",
    dependencies=[allow(*BOOKERS)],
    responses={**TAKEN, **STALE, **UNSAID},
)
async def change_appointment(
    appointment_id: UUID, body: ChangeAppointment, version: IfMatch, uow: Uow, response: Response
) -> AppointmentOut:
    """Change what an appointment is for; another time is a reschedule."""
    appointment = await moving.change_appointment(uow, appointment_id, body, version=version)
    return await seen(uow, response, appointment)


@router.get("/{appointment_id}/history", dependencies=[allow(*STAFF)])
async def get_appointment_history(appointment_id: UUID, uow: Uow) -> AppointmentHistory:
    """Everything that happened to an appointment, in order."""
    return AppointmentHistory(items=await queries.history_of(uow, appointment_id))


@router.post("/{appointment_id}/arrival", status_code=201, dependencies=[allow(*BOOKERS)])
async def record_arrival(appointment_id: UUID, uow: Uow, response: Response) -> AppointmentOut:
    """The patient is here, perhaps after being taken for a no-show."""
    return await seen(uow, response, await day_flow.record_arrival(uow, appointment_id))


@router.post(
    "/{appointment_id}/rooming", status_code=201, dependencies=[allow(*BOOKERS)], responses=TAKEN
)
async def record_rooming(
    appointment_id: UUID, body: RecordRooming, uow: Uow, response: Response
) -> AppointmentOut:
    """The patient was shown to a room."""
    return await seen(uow, response, await day_flow.record_rooming(uow, appointment_id, body))


@router.post("/{appointment_id}/departure", status_code=201, dependencies=[allow(*BOOKERS)])
async def record_departure(appointment_id: UUID, uow: Uow, response: Response) -> AppointmentOut:
    """The patient is done and gone."""
    return await seen(uow, response, await day_flow.record_departure(uow, appointment_id))


@router.post("/{appointment_id}/no-show", status_code=201, dependencies=[allow(*BOOKERS)])
async def record_no_show(appointment_id: UUID, uow: Uow, response: Response) -> AppointmentOut:
    """Nobody came."""
    return await seen(uow, response, await day_flow.record_no_show(uow, appointment_id))


@router.post("/{appointment_id}/cancellation", status_code=201, dependencies=[allow(*BOOKERS)])
async def cancel_appointment(
    appointment_id: UUID, body: CancelAppointment, uow: Uow, response: Response
) -> ChangedAppointmentOut:
    """Call an appointment off; its time is free at once.

    With a scope of several also those of its series that are still to come.
    """
    if body.scope in SEVERAL:
        change = await series_edits.cancel_series(uow, appointment_id, body)
        return await seen_with_series(uow, response, change)
    return await changed(uow, response, await calling_off.cancel(uow, appointment_id, body))


@router.post(
    "/{appointment_id}/reschedule",
    status_code=201,
    dependencies=[allow(*BOOKERS)],
    responses={**TAKEN, **STALE},
)
async def reschedule_appointment(
    appointment_id: UUID, body: Reschedule, uow: Uow, response: Response
) -> ChangedAppointmentOut:
    """Another time, length, doctor or room.

    With a scope of several the others of its series that are still to come change as much, in the
    clinic's wall time; those that were moved alone keep what was chosen for them. What is in the
    way of any is told as `series-taken`. Each can be undone, one at a time.
    """
    if body.scope in SEVERAL:
        change = await series_edits.reschedule_series(uow, appointment_id, body)
        return await seen_with_series(uow, response, change)
    return await changed(uow, response, await moving.reschedule(uow, appointment_id, body))


@router.post("/{appointment_id}/undo", status_code=201, dependencies=[allow(*BOOKERS)])
async def undo_appointment_move(
    appointment_id: UUID, uow: Uow, response: Response
) -> AppointmentOut:
    """Take back the latest thing that happened to an appointment, on the same day.

    Refused with a reason when that cannot be; when the time is taken by now, with who has it.
    """
    return await seen(uow, response, await undoing.undo(uow, appointment_id))


@router.post("/{appointment_id}/entered-in-error", status_code=201, dependencies=[allow(*BOOKERS)])
async def enter_appointment_in_error(
    appointment_id: UUID, body: EnterInError, uow: Uow, response: Response
) -> AppointmentOut:
    """The appointment should never have been in the book."""
    appointment = await calling_off.enter_in_error(uow, appointment_id, reason=body.reason)
    return await seen(uow, response, appointment)
