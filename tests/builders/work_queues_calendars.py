"""Calendars of working time for tests."""

from datetime import date

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues import calendars
from app.work_queues.calendars import Closure, OpenSpan, SaveCalendar, WorkCalendar

OFFICE_DAY = ("08:00", "17:00")


def a_week(
    hours: tuple[str, str] = OFFICE_DAY, days: range = range(1, 6), *, name: str = "Office"
) -> SaveCalendar:
    """The same hours on some days of the week."""
    opens, closes = hours
    spans = [OpenSpan(weekday=day, opens=opens, closes=closes) for day in days]
    return SaveCalendar(name=name, spans=spans)


async def a_calendar(
    works: Works,
    actor: Actor,
    *,
    key: str = "office",
    week: SaveCalendar | None = None,
    closed: tuple[date, ...] = (),
) -> WorkCalendar:
    """Monday to Friday from eight to five."""
    async with works.begin(actor) as uow:
        calendar = await calendars.save_calendar(uow, key, week or a_week(), version=0)
        for day in closed:
            await calendars.add_closure(uow, key, Closure(closed_on=day, name="Holiday"))
        return calendar
