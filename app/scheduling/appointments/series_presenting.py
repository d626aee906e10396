"""Series as they are shown."""

from collections.abc import Sequence
from datetime import datetime

from app import patients
from app.infra.uow import UnitOfWork
from app.scheduling.appointments.calendar_schemas import AlternativeOut
from app.scheduling.appointments.errors import Alternative, Obstacle
from app.scheduling.appointments.presenting import shown
from app.scheduling.appointments.schemas import AppointmentOut, ObstacleOut
from app.scheduling.appointments.series import Occurrence
from app.scheduling.appointments.series_edits import SeriesChange
from app.scheduling.appointments.series_models import AppointmentSeries
from app.scheduling.appointments.series_schemas import (
    ChangedAppointmentOut,
    OccurrenceOut,
    ProposedOccurrence,
    SeriesChangeOut,
    SeriesOut,
    SeriesWithOccurrences,
)


def clock(local: datetime) -> str:
    """Wall time to the minute."""
    return f"{local:%Y-%m-%dT%H:%M}"


def proposed(found: Occurrence) -> ProposedOccurrence:
    return ProposedOccurrence(
        local=clock(found.local),
        starts_at=found.wanted.starts_at,
        ends_at=found.wanted.ends_at,
        conflicts=obstacles_out(found.conflicts),
        alternatives=alternatives_out(found.alternatives),
    )


def obstacles_out(found: Sequence[Obstacle]) -> list[ObstacleOut]:
    return [ObstacleOut.model_validate(each) for each in found]


def alternatives_out(found: Sequence[Alternative]) -> list[AlternativeOut]:
    return [AlternativeOut.model_validate(each) for each in found]


async def series_shown(
    uow: UnitOfWork, series: AppointmentSeries, found: Sequence[Occurrence]
) -> SeriesWithOccurrences:
    """A series and its occurrences with their names; one statement for all."""
    rows = [each.appointment for each in found if each.appointment is not None]
    outs = {out.id: out for out in await shown(uow, rows)} if rows else {}
    patient = await patients.get_patient(uow, series.patient_id)
    return SeriesWithOccurrences(
        series=SeriesOut(
            id=series.id,
            patient_id=patient.id,
            practitioner_id=series.practitioner_id,
            visit_type_id=series.visit_type_id,
            room_id=series.room_id,
            rrule=series.rrule,
            first_local=clock(series.first_local),
            time_zone=uow.zone.key,
            duration_minutes=series.duration_minutes,
            reason=series.reason,
            continues=series.continues,
            created_at=series.created_at,
        ),
        occurrences=[
            occurrence_out(each, outs[each.appointment.id] if each.appointment else None)
            for each in found
        ],
    )


def occurrence_out(found: Occurrence, appointment: AppointmentOut | None) -> OccurrenceOut:
    moved = appointment is not None and appointment.starts_at != found.wanted.starts_at
    return OccurrenceOut(**dict(proposed(found)), appointment=appointment, moved=moved)


async def change_shown(uow: UnitOfWork, change: SeriesChange) -> ChangedAppointmentOut:
    """The appointment somebody took hold of, and what became of the others."""
    (out,) = await shown(uow, [change.appointment])
    return ChangedAppointmentOut(
        **dict(out),
        series_change=SeriesChangeOut(
            series_id=change.series_id,
            changed=change.changed,
            kept=change.kept,
            left=change.left,
        ),
    )
