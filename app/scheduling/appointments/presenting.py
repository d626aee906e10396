"""Appointments as they are shown: with names, with what may be done, with how long they wait."""

from collections.abc import Sequence
from datetime import timedelta

from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.scheduling.appointments import reading
from app.scheduling.appointments.errors import ObstacleKind
from app.scheduling.appointments.lifecycle import AppointmentStatus, fhir_status
from app.scheduling.appointments.models import Appointment
from app.scheduling.appointments.policies import BOOKERS
from app.scheduling.appointments.reading import Names
from app.scheduling.appointments.schemas import AppointmentOut, MoveName
from app.scheduling.appointments.today import is_today
from app.scheduling.appointments.undoing import why_not

S, M = AppointmentStatus, MoveName
RESTRICTED = "Restricted patient"
ASKERS = (Role.DOCTOR, Role.NURSE)
MINUTE = timedelta(minutes=1)
WAITING = {S.ARRIVED, S.IN_ROOM}

MOVES: dict[AppointmentStatus, tuple[MoveName, ...]] = {
    S.PENDING: (),
    S.BOOKED: (
        M.ARRIVAL,
        M.ROOMING,
        M.NO_SHOW,
        M.RESCHEDULE,
        M.CANCELLATION,
        M.ENTERED_IN_ERROR,
    ),
    S.ARRIVED: (M.ROOMING, M.DEPARTURE, M.RESCHEDULE, M.CANCELLATION, M.ENTERED_IN_ERROR),
    S.IN_ROOM: (M.DEPARTURE, M.RESCHEDULE, M.CANCELLATION, M.ENTERED_IN_ERROR),
    S.WITH_DOCTOR: (),
    S.FINISHED: (M.DEPARTURE, M.ENTERED_IN_ERROR),
    S.CHECKED_OUT: (M.ENTERED_IN_ERROR,),
    S.NOSHOW: (M.ARRIVAL, M.ENTERED_IN_ERROR),
    S.CANCELLED: (M.ENTERED_IN_ERROR,),
    S.ENTERED_IN_ERROR: (),
}


async def shown(uow: UnitOfWork, appointments: Sequence[Appointment]) -> list[AppointmentOut]:
    """These appointments with their names, in the same order; one statement for all."""
    names = await reading.names_of(uow, [each.id for each in appointments])
    return [presented(uow, each, names[each.id]) for each in appointments]


def presented(uow: UnitOfWork, appointment: Appointment, names: Names) -> AppointmentOut:
    shown = whole(uow, appointment, names)
    return withheld(uow, shown) if names.hidden and not uow.actor.has_any(Role.SYSTEM) else shown


def withheld(uow: UnitOfWork, shown: AppointmentOut) -> AppointmentOut:
    """The time is taken, and that is all: clinicians may go and ask for the record."""
    return shown.model_copy(
        update={
            "patient_id": shown.patient_id if uow.actor.has_any(*ASKERS) else None,
            "patient_name": RESTRICTED,
            "patient_mrn": None,
            "reason": None,
            "series_id": None,
            "override_reason": None,
            "cancellation_reason": None,
            "moves_allowed": [],
            "undoable": False,
        }
    )


def whole(uow: UnitOfWork, appointment: Appointment, names: Names) -> AppointmentOut:
    held = appointment.status is S.PENDING
    return AppointmentOut(
        id=appointment.id,
        status=appointment.status,
        fhir_status=fhir_status(appointment.status),
        kind=appointment.kind,
        practitioner_id=appointment.practitioner_id,
        practitioner_name=names.practitioner,
        patient_id=appointment.patient_id,
        patient_name=appointment.patient_name,
        patient_mrn=names.patient_mrn,
        visit_type_id=appointment.visit_type_id,
        visit_type_name=names.visit_type,
        color=names.color,
        room_id=appointment.room_id,
        room_name=names.room,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        duration_minutes=appointment.minutes,
        reason=appointment.reason,
        late=appointment.status is S.BOOKED and appointment.starts_at < uow.now,
        arrived_at=appointment.arrived_at,
        roomed_at=appointment.roomed_at,
        seen_at=appointment.seen_at,
        finished_at=appointment.finished_at,
        waiting_minutes=waiting_minutes(uow, appointment),
        expires_at=appointment.expires_at if held else None,
        held_by_name=names.created_by if held else None,
        series_id=appointment.series_id,
        override_reason=appointment.override_reason,
        overridden=[ObstacleKind(kind) for kind in appointment.overridden],
        cancelled_by=appointment.cancelled_by,
        cancellation_reason=appointment.cancellation_reason,
        booked_by_name=names.booked_by,
        version=appointment.version,
        moves_allowed=moves_allowed(uow, appointment),
        undoable=uow.actor.has_any(*BOOKERS)
        and why_not(uow, appointment.status, names.latest) is None,
        created_at=appointment.created_at,
        updated_at=appointment.updated_at,
    )


def waiting_minutes(uow: UnitOfWork, appointment: Appointment) -> int | None:
    """Whole minutes since somebody came whom the doctor has not seen yet."""
    if appointment.status not in WAITING or appointment.arrived_at is None:
        return None
    return max(0, (uow.now - appointment.arrived_at) // MINUTE)


def moves_allowed(uow: UnitOfWork, appointment: Appointment) -> list[MoveName]:
    """What this person may do with it now."""
    if not uow.actor.has_any(*BOOKERS):
        return []
    never = set()
    if not is_today(uow, appointment):
        never |= {M.ARRIVAL}
        if appointment.status is S.BOOKED:
            never |= {M.ROOMING}
    if appointment.starts_at > uow.now:
        never |= {M.NO_SHOW}
    return [move for move in MOVES[appointment.status] if move not in never]
