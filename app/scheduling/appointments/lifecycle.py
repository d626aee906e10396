"""The life of an appointment: held, booked, through the day, or not after all."""

from enum import StrEnum

from app.kernel.lifecycle import Lifecycle


class AppointmentStatus(StrEnum):
    PENDING = "pending"  # held for somebody who is just booking
    BOOKED = "booked"
    ARRIVED = "arrived"
    IN_ROOM = "in-room"
    WITH_DOCTOR = "with-doctor"
    FINISHED = "finished"
    CHECKED_OUT = "checked-out"
    NOSHOW = "noshow"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered-in-error"


S = AppointmentStatus

# Those that take somebody's time; the constraints in the database name the same ones.
LIVE = frozenset({S.PENDING, S.BOOKED, S.ARRIVED, S.IN_ROOM, S.WITH_DOCTOR})

# Steps back are there because people press the wrong button: an undo, a cancelled encounter.
APPOINTMENT = Lifecycle(
    "appointment",
    {
        S.PENDING: {S.BOOKED, S.CANCELLED},
        S.BOOKED: {
            S.ARRIVED,
            S.IN_ROOM,
            S.WITH_DOCTOR,
            S.NOSHOW,
            S.CANCELLED,
            S.ENTERED_IN_ERROR,
        },
        S.ARRIVED: {
            S.IN_ROOM,
            S.WITH_DOCTOR,
            S.CHECKED_OUT,
            S.CANCELLED,
            S.ENTERED_IN_ERROR,
            S.BOOKED,
            S.NOSHOW,
        },
        S.IN_ROOM: {
            S.WITH_DOCTOR,
            S.CHECKED_OUT,
            S.CANCELLED,
            S.ENTERED_IN_ERROR,
            S.BOOKED,
            S.ARRIVED,
        },
        S.WITH_DOCTOR: {S.FINISHED, S.BOOKED, S.ARRIVED, S.IN_ROOM},
        S.FINISHED: {S.CHECKED_OUT, S.ENTERED_IN_ERROR},
        S.CHECKED_OUT: {S.ENTERED_IN_ERROR, S.ARRIVED, S.IN_ROOM, S.FINISHED},
        S.NOSHOW: {S.ARRIVED, S.ENTERED_IN_ERROR, S.BOOKED},
        S.CANCELLED: {S.ENTERED_IN_ERROR, S.BOOKED, S.ARRIVED, S.IN_ROOM},
        S.ENTERED_IN_ERROR: set(),
    },
)

FHIR_STATUS = {
    S.PENDING: "pending",
    S.BOOKED: "booked",
    S.ARRIVED: "arrived",
    S.IN_ROOM: "checked-in",
    S.WITH_DOCTOR: "checked-in",
    S.FINISHED: "fulfilled",
    S.CHECKED_OUT: "fulfilled",
    S.NOSHOW: "noshow",
    S.CANCELLED: "cancelled",
    S.ENTERED_IN_ERROR: "entered-in-error",
}


def fhir_status(status: AppointmentStatus) -> str:
    """The word of FHIR R4 AppointmentStatus for ours."""
    return FHIR_STATUS[status]
