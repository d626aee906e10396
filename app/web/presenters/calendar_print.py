"""A doctor's day on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from app.identity import User
from app.scheduling.appointments import AppointmentOut, AppointmentStatus
from app.web.presenters.calendar import weekday
from app.web.presenters.formats import day
from app.web.presenters.wall_time import wall_clock

WORDS = {
    AppointmentStatus.IN_ROOM: "in room",
    AppointmentStatus.WITH_DOCTOR: "with doctor",
    AppointmentStatus.CHECKED_OUT: "checked out",
    AppointmentStatus.NOSHOW: "no-show",
}


@dataclass(frozen=True, slots=True)
class PrintedRow:
    time: str
    patient: str
    mrn: str
    visit_type: str
    room: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class PrintedDay:
    doctor: str
    specialty: str
    rows: tuple[PrintedRow, ...]


@dataclass(frozen=True, slots=True)
class PrintPage:
    title: str
    printed: str
    zone: str
    back: str
    days: tuple[PrintedDay, ...]


def print_page(
    shown: date,
    doctors: Sequence[User],
    found: Sequence[AppointmentOut],
    *,
    today: date,
    zone: ZoneInfo,
) -> PrintPage:
    """A sheet for each doctor, those with nothing booked too."""
    return PrintPage(
        title=weekday(shown),
        printed=day(today),
        zone=str(zone),
        back=f"/calendar?date={shown.isoformat()}",
        days=tuple(
            PrintedDay(
                doctor=doctor.full_name,
                specialty=doctor.specialty or "",
                rows=tuple(row(one, zone) for one in found if one.practitioner_id == doctor.id),
            )
            for doctor in doctors
        ),
    )


def row(one: AppointmentOut, zone: ZoneInfo) -> PrintedRow:
    return PrintedRow(
        time=f"{wall_clock(one.starts_at, zone)} to {wall_clock(one.ends_at, zone)}",
        patient=one.patient_name or "",
        mrn=one.patient_mrn or "",
        visit_type=one.visit_type_name,
        room=one.room_name or "",
        status=WORDS.get(one.status, one.status.value),
        reason=one.reason or "",
    )


def wanted_doctors(doctors: Sequence[User], ids: Sequence[UUID]) -> list[User]:
    """Those named, in the order of the list; everybody when nobody is named."""
    return [doctor for doctor in doctors if not ids or doctor.id in ids]
