"""Days to come, for a site whose clock is the real one."""

from datetime import UTC, datetime, timedelta


def next_weekday(number: int) -> datetime:
    """Midnight, in UTC, of the next such ISO weekday that is a week off at least."""
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    week_off = midnight + timedelta(days=7)
    return week_off + timedelta(days=(number - week_off.isoweekday()) % 7)
