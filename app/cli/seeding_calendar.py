"""Filling the demo clinic's calendar: who works when, and about a week of appointments."""

from datetime import timedelta
from uuid import UUID

from app import identity
from app.cli.demo_clinic.calendar import ROOMS, VISIT_TYPES, WEEKS
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor
from app.scheduling import availability

WEEKS_BACK = timedelta(weeks=8)


async def seed_calendar(works: Works, people: dict[str, Actor]) -> None:
    """Rooms, visit types and hours unless they are there; then appointments around today."""
    async with works.begin(people["reception"]) as uow:
        if not await availability.list_visit_types(uow, retired=True):
            rooms = await add_rooms(uow)
            await add_visit_types(uow, people)
            await add_weeks(uow, people, rooms)


async def add_rooms(uow: UnitOfWork) -> dict[str, UUID]:
    return {name: (await availability.add_room(uow, name)).id for name in ROOMS}


async def add_visit_types(uow: UnitOfWork, people: dict[str, Actor]) -> None:
    for facts, username in VISIT_TYPES:
        offered_by = [people[username].id] if username else None
        await availability.add_visit_type(
            uow, availability.NewVisitType(**facts, offered_by=offered_by)
        )


async def add_weeks(uow: UnitOfWork, people: dict[str, Actor], rooms: dict[str, UUID]) -> None:
    for username, hours in WEEKS.items():
        spans = [
            availability.WeekdaySpan(
                weekday=weekday, opens=opens, closes=closes, room_id=rooms[room]
            )
            for weekdays, opens, closes, room in hours
            for weekday in weekdays
        ]
        valid_from = uow.today - WEEKS_BACK
        await availability.set_weekly_hours(uow, people[username].id, valid_from, None, spans)


async def people_of(uow: UnitOfWork) -> dict[str, Actor]:
    """Everybody with an account, by user name, as if they had just signed in."""
    return {user.username: user.as_actor(uow.now) for user in await identity.list_users(uow)}
