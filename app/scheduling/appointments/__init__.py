"""Planned visits and holds: booked, moved, followed through the day; never sold twice."""

from app.scheduling.appointments.booking import book_appointment, place_booking
from app.scheduling.appointments.calendar_schemas import DayCell, MonthOut
from app.scheduling.appointments.calling_off import call_off, cancel, enter_in_error
from app.scheduling.appointments.consulting import (
    begin_consultation,
    finish_consultation,
    reopen_consultation,
)
from app.scheduling.appointments.day_flow import (
    record_arrival,
    record_departure,
    record_no_show,
    record_rooming,
)
from app.scheduling.appointments.days import AppointmentDay, rebuild_days
from app.scheduling.appointments.errors import (
    Alternative,
    AppointmentChanged,
    AppointmentNotFound,
    BookBusy,
    BookedToday,
    HoldNotFound,
    MayNotBook,
    MayNotOverride,
    NotInSeries,
    NotMovable,
    NotToday,
    NotYetDue,
    NotYourHold,
    Obstacle,
    ObstacleKind,
    RuleUnfit,
    SeriesNotFound,
    SeriesOver,
    SeriesTaken,
    SlotTaken,
    UndoObstacle,
    UndoRefused,
    VisitTypeUnknown,
)
from app.scheduling.appointments.events import (
    AppointmentBooked,
    AppointmentMoved,
    AppointmentStatusChanged,
    SlotOpened,
)
from app.scheduling.appointments.holding import (
    drop_hold,
    hold_slot,
    place_hold,
    release_hold,
)
from app.scheduling.appointments.lifecycle import (
    APPOINTMENT,
    LIVE,
    AppointmentStatus,
    fhir_status,
)
from app.scheduling.appointments.misplaced import Misplaced, MisplacedFilter, list_misplaced
from app.scheduling.appointments.models import Appointment, AppointmentMove
from app.scheduling.appointments.months import month_in_numbers
from app.scheduling.appointments.moving import change_appointment, reschedule
from app.scheduling.appointments.obstacles import everything_in_the_way
from app.scheduling.appointments.policies import BOOKERS, may_override
from app.scheduling.appointments.presenting import shown
from app.scheduling.appointments.queries import (
    get_appointment,
    history_of,
    list_appointments,
    read_appointment,
)
from app.scheduling.appointments.reading import AppointmentFilter
from app.scheduling.appointments.schemas import (
    AppointmentKind,
    AppointmentOut,
    BookAppointment,
    CancelAppointment,
    CancelledBy,
    Canceller,
    ChangeAppointment,
    EnterInError,
    HoldSlot,
    Moment,
    MoveName,
    ObstacleOut,
    OnConflict,
    Override,
    RecordRooming,
    Reschedule,
    Scope,
    WalkIn,
)
from app.scheduling.appointments.searching import (
    Found,
    PartOfDay,
    SlotQuery,
    find_slots,
    nearest_alternatives,
    search_slots,
)
from app.scheduling.appointments.series import book_series, preview_series, read_series
from app.scheduling.appointments.series_edits import (
    SeriesChange,
    cancel_series,
    reschedule_series,
)
from app.scheduling.appointments.series_models import AppointmentSeries
from app.scheduling.appointments.series_schemas import NewSeries
from app.scheduling.appointments.slots import Slot
from app.scheduling.appointments.undoing import undo
from app.scheduling.appointments.walking_in import walk_in
from app.scheduling.appointments.wanted import Wanted

__all__ = [
    "APPOINTMENT",
    "BOOKERS",
    "LIVE",
    "Alternative",
    "Appointment",
    "AppointmentBooked",
    "AppointmentChanged",
    "AppointmentDay",
    "AppointmentFilter",
    "AppointmentKind",
    "AppointmentMove",
    "AppointmentMoved",
    "AppointmentNotFound",
    "AppointmentOut",
    "AppointmentSeries",
    "AppointmentStatus",
    "AppointmentStatusChanged",
    "BookAppointment",
    "BookBusy",
    "BookedToday",
    "CancelAppointment",
    "CancelledBy",
    "Canceller",
    "ChangeAppointment",
    "DayCell",
    "EnterInError",
    "Found",
    "HoldNotFound",
    "HoldSlot",
    "MayNotBook",
    "MayNotOverride",
    "Misplaced",
    "MisplacedFilter",
    "Moment",
    "MonthOut",
    "MoveName",
    "NewSeries",
    "NotInSeries",
    "NotMovable",
    "NotToday",
    "NotYetDue",
    "NotYourHold",
    "Obstacle",
    "ObstacleKind",
    "ObstacleOut",
    "OnConflict",
    "Override",
    "PartOfDay",
    "RecordRooming",
    "Reschedule",
    "RuleUnfit",
    "Scope",
    "SeriesChange",
    "SeriesNotFound",
    "SeriesOver",
    "SeriesTaken",
    "Slot",
    "SlotOpened",
    "SlotQuery",
    "SlotTaken",
    "UndoObstacle",
    "UndoRefused",
    "VisitTypeUnknown",
    "WalkIn",
    "Wanted",
    "begin_consultation",
    "book_appointment",
    "book_series",
    "call_off",
    "cancel",
    "cancel_series",
    "change_appointment",
    "drop_hold",
    "enter_in_error",
    "everything_in_the_way",
    "fhir_status",
    "find_slots",
    "finish_consultation",
    "get_appointment",
    "history_of",
    "hold_slot",
    "list_appointments",
    "list_misplaced",
    "may_override",
    "month_in_numbers",
    "nearest_alternatives",
    "place_booking",
    "place_hold",
    "preview_series",
    "read_appointment",
    "read_series",
    "rebuild_days",
    "record_arrival",
    "record_departure",
    "record_no_show",
    "record_rooming",
    "release_hold",
    "reopen_consultation",
    "reschedule",
    "reschedule_series",
    "search_slots",
    "shown",
    "undo",
    "walk_in",
]
