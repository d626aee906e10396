"""Why reminders may refuse."""

from app.kernel.errors import Forbidden


class MayNotKeepReminderPreferences(Forbidden):
    """Only doctors, nurses and receptionists record who wants to be reminded."""
