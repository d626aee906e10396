"""What may be refused around a doctor's day."""

from app.kernel.errors import Forbidden


class OnlyDoctorsHaveDays(Forbidden):
    """The day is a doctor's: everybody else has the calendar and the queues."""
