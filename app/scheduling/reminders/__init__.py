"""Telling patients in time when they are expected, once and never twice."""

from app.scheduling.reminders.channels import Channel, NotReached, Refused, Unsure
from app.scheduling.reminders.errors import MayNotKeepReminderPreferences
from app.scheduling.reminders.lifecycle import REMINDER, ReminderReason, ReminderStatus
from app.scheduling.reminders.messages import Letterhead, Message
from app.scheduling.reminders.models import Reminder, ReminderMove, ReminderOptOut
from app.scheduling.reminders.outlets import open_channels
from app.scheduling.reminders.planning import plan_reminders
from app.scheduling.reminders.preferences import keep_preference, read_preference
from app.scheduling.reminders.queries import list_reminders, reminders_of

__all__ = [
    "REMINDER",
    "Channel",
    "Letterhead",
    "MayNotKeepReminderPreferences",
    "Message",
    "NotReached",
    "Refused",
    "Reminder",
    "ReminderMove",
    "ReminderOptOut",
    "ReminderReason",
    "ReminderStatus",
    "Unsure",
    "keep_preference",
    "list_reminders",
    "open_channels",
    "plan_reminders",
    "read_preference",
    "reminders_of",
]
