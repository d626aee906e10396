"""The life of a reminder: planned, then sent once, or void, or failed; never sent again."""

from enum import StrEnum

from app.kernel.lifecycle import Lifecycle


class ReminderStatus(StrEnum):
    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    VOID = "void"
    FAILED = "failed"


class ReminderReason(StrEnum):
    """Why nothing was sent (void), or why it is not known to have arrived (failed)."""

    MOVED = "moved"  # the appointment begins at another time
    NOT_BOOKED = "not-booked"  # it was cancelled, or the patient has come already
    OPTED_OUT = "opted-out"
    NO_ADDRESS = "no-address"  # the channel needs an address that we do not have
    TOO_LATE = "too-late"  # booked later than this reminder would have been sent
    OVERTAKEN = "overtaken"  # a later reminder of the same appointment was due as well
    NOT_SET_UP = "not-set-up"  # this site does not send that way any more
    REFUSED = "refused"  # whoever should carry it said no for good
    NOT_REACHED = "not-reached"  # nobody took it, however often we tried
    UNSURE = "unsure"  # it may have been sent: nobody answered, or we died before they did


REMINDER = Lifecycle(
    "reminder",
    {
        ReminderStatus.PLANNED: {ReminderStatus.SENDING, ReminderStatus.VOID},
        ReminderStatus.SENDING: {
            ReminderStatus.SENT,
            ReminderStatus.FAILED,
            ReminderStatus.PLANNED,  # certainly not taken: worth another try
        },
        ReminderStatus.SENT: set(),
        ReminderStatus.VOID: set(),
        ReminderStatus.FAILED: set(),
    },
)
