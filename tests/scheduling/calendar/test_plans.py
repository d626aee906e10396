"""At volume no statement of the calendar's day reads a large table from end to end.

Another statement is one more line in `STATEMENTS`: what sends it, given a unit of work.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor, Role
from app.kernel.paging import Cursor, PageRequest
from app.scheduling import appointments, availability
from app.scheduling.appointments import (
    AppointmentFilter,
    AppointmentStatus,
    SlotQuery,
    Wanted,
    reading,
    repository,
    series_repository,
)
from app.scheduling.appointments.calendar import CalendarQuery, calendar_json
from app.scheduling.appointments.counting import counts_of_day
from app.scheduling.appointments.days import refresh_days
from app.scheduling.appointments.lapsing import lapse
from app.scheduling.appointments.live import LOOK_BACK, changed_since
from app.scheduling.appointments.misplaced import MisplacedFilter, list_misplaced
from app.scheduling.appointments.months import month_in_numbers
from app.scheduling.calendar_feeds import repository as feeds
from app.scheduling.reminders import repository as reminders
from app.scheduling.waiting_list import candidates
from app.scheduling.waiting_list import queries as waiting_list
from tests.fixtures.stores import Databases
from tests.scheduling.calendar.plans import Work, large_tables_scanned
from tests.scheduling.calendar.volume import FILL


@pytest.fixture(scope="module")
def database_url(databases: Databases, migrated_template: str) -> Iterator[str]:
    """One full database for all tests of this module, which leave it as it is."""
    with databases.filled(migrated_template, FILL) as url:
        yield url


def md5(name: str) -> UUID:
    return UUID(hashlib.md5(name.encode(), usedforsecurity=False).hexdigest())


NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY, TOMORROW, NEXT_WEEK = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 9)
DOCTOR, PATIENT, ROOM, VISIT_TYPE = md5("d3"), md5("p3"), md5("r3"), md5("v3")
BOOKED = md5("a35803")  # with that doctor, on 8 March
HALF_HOUR = timedelta(minutes=30)
PAGE = PageRequest(limit=25)
LATER = PageRequest(limit=25, cursor=Cursor(at=NOW, id=UUID(int=0)))
WANTED = Wanted(
    practitioner_id=DOCTOR,
    visit_type_id=VISIT_TYPE,
    starts_at=NOW + HALF_HOUR,
    ends_at=NOW + 2 * HALF_HOUR,
    patient_id=PATIENT,
    room_id=ROOM,
)
BY_DOCTOR = AppointmentFilter(
    practitioner_ids=[DOCTOR], starts_from=NOW, starts_before=NOW + timedelta(days=1)
)


def listing(wanted: AppointmentFilter, page: PageRequest = PAGE) -> Work:
    async def work(uow: UnitOfWork) -> None:
        found, _ = await appointments.list_appointments(uow, wanted, page=page)
        await appointments.shown(uow, found)

    return work


async def book_and_change(uow: UnitOfWork) -> None:
    starts_at = NOW + timedelta(days=1, hours=4)
    wish = {
        "practitioner_id": DOCTOR,
        "visit_type_id": VISIT_TYPE,
        "starts_at": starts_at,
        "patient_id": PATIENT,
        "room_id": ROOM,
        "override": {"reason": "at volume"},
    }
    new = appointments.BookAppointment.model_validate(wish)
    booked = await appointments.book_appointment(uow, new)
    later = appointments.Reschedule.model_validate({"starts_at": starts_at + HALF_HOUR})
    await appointments.reschedule(uow, booked.id, later)
    gone = appointments.CancelAppointment.model_validate({"reason": "a cold", "by": "patient"})
    await appointments.cancel(uow, booked.id, gone)
    await appointments.history_of(uow, booked.id)


async def who_waits_for_it(uow: UnitOfWork) -> None:
    time = await candidates.free_time(uow, DOCTOR, NOW + HALF_HOUR, NOW + 2 * HALF_HOUR)
    types = await availability.list_visit_types(uow)
    fits = candidates.fits_of(time, types, uow.zone)
    assert await candidates.candidates(uow, time, fits, limit=10)


STATEMENTS: dict[str, Work] = {
    "list, everybody": listing(AppointmentFilter()),
    "list, a later page": listing(AppointmentFilter(), LATER),
    "list, a doctor's day": listing(BY_DOCTOR),
    "list, a patient's": listing(AppointmentFilter(patient_id=PATIENT)),
    "list, who has not come": listing(
        AppointmentFilter(statuses=[AppointmentStatus.BOOKED], starts_from=NOW)
    ),
    "calendar, a day": lambda uow: calendar_json(uow, CalendarQuery(first=TODAY, end=TOMORROW)),
    "calendar, a week": lambda uow: calendar_json(
        uow, CalendarQuery(first=TODAY, end=NEXT_WEEK, cancelled=True)
    ),
    "calendar, a doctor's week": lambda uow: calendar_json(
        uow, CalendarQuery(first=TODAY, end=NEXT_WEEK, practitioner_ids=[DOCTOR])
    ),
    "calendar, a month in numbers": lambda uow: month_in_numbers(uow, TODAY.replace(day=1)),
    "calendar, counts": lambda uow: counts_of_day(uow, TODAY),
    "calendar, a doctor's counts": lambda uow: counts_of_day(uow, TODAY, practitioner_ids=[DOCTOR]),
    "calendar, what has changed": lambda uow: changed_since(uow, NOW - LOOK_BACK),
    "calendar, a day counted again": lambda uow: refresh_days(uow, [(DOCTOR, TODAY)]),
    "slots, anyone": lambda uow: appointments.find_slots(uow, SlotQuery(visit_type_id=VISIT_TYPE)),
    "slots, a doctor, a patient, a room": lambda uow: appointments.find_slots(
        uow,
        SlotQuery(
            visit_type_id=VISIT_TYPE,
            practitioner_ids=frozenset({DOCTOR}),
            patient_id=PATIENT,
            room_id=ROOM,
        ),
    ),
    "alternatives": lambda uow: appointments.nearest_alternatives(uow, WANTED),
    "conflicts": lambda uow: appointments.everything_in_the_way(uow, WANTED),
    "misplaced": lambda uow: list_misplaced(uow, MisplacedFilter(), page=PAGE),
    "misplaced, a doctor's": lambda uow: list_misplaced(
        uow, MisplacedFilter(practitioner_ids=[DOCTOR]), page=PAGE
    ),
    "book, move, cancel": book_and_change,
    "sweep, holds": lambda uow: lapse(uow, limit=100),
    "sweep, no-shows": lambda uow: repository.not_come(uow, NOW, 100),
    "series": lambda uow: series_repository.occurrences(uow, md5("s3")),
    "series, still to come": lambda uow: series_repository.lock_still_to_come(uow, md5("s3"), None),
    "names": lambda uow: reading.names_of(uow, [BOOKED]),
    "waiting list": waiting_list.list_entries,
    "waiting list, a patient's": lambda uow: waiting_list.list_entries(uow, patient_id=PATIENT),
    "waiting list, matches": who_waits_for_it,
    "reminders, due": reminders.lock_next_due,
    "reminders, lost": lambda uow: reminders.lock_claimed_before(uow, NOW, limit=100),
    "reminders, of an appointment": lambda uow: reminders.of_appointment(uow, BOOKED, lock=True),
    "reminders, of a patient": lambda uow: reminders.upcoming(uow, PATIENT),
    "reminders, page": lambda uow: reminders.page(uow, None, PAGE),
    "feeds": lambda uow: feeds.entries_of(uow, DOCTOR, NOW, NOW + timedelta(days=60), people=False),
}


@pytest.mark.parametrize("what", STATEMENTS)
async def test_is_answered_from_indexes(works: Works, what: str) -> None:
    actor = Actor(id=md5("d0"), name="Dr. Number 0", roles=frozenset({Role.RECEPTIONIST}))
    assert await large_tables_scanned(works, actor, STATEMENTS[what]) == set()


async def test_a_scan_would_be_seen(works: Works) -> None:
    async def count(uow: UnitOfWork) -> None:
        await uow.db.execute(text("select count(*) from appointments where reason like '%x'"))

    actor = Actor.system("test")
    assert await large_tables_scanned(works, actor, count) == {"appointments"}
