"""What a calendar program reads: times on both edges of summer time, and nothing about anybody."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from app.scheduling.appointments import AppointmentStatus
from app.scheduling.calendar_feeds.calendar_file import Contents, initials_of, write_calendar
from app.scheduling.calendar_feeds.repository import Entry

VIENNA = ZoneInfo("Europe/Vienna")
MADE = datetime(2026, 3, 2, 9, tzinfo=UTC)
SOME_ID = UUID("0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01")
PATIENT = UUID("0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e02")


def an_entry(starts_at: datetime = MADE, *, minutes: int = 30, **more: object) -> Entry:
    entry = Entry(
        id=SOME_ID,
        version=3,
        status=AppointmentStatus.BOOKED,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        created_at=MADE,
        updated_at=MADE + timedelta(hours=1),
        patient_id=None,
        patient_name=None,
    )
    return entry._replace(**more)  # type: ignore[arg-type]


def contents(*entries: Entry, label: str = "Phone", day_began: datetime = MADE) -> Contents:
    return Contents(label=label, zone=VIENNA, day_began=day_began, entries=entries)


def read_back(written: bytes) -> Calendar:
    calendar = Calendar.from_ical(written)
    assert isinstance(calendar, Calendar)
    return calendar


def test_the_file_says_when_and_that_it_is_an_appointment() -> None:
    calendar = read_back(write_calendar(contents(an_entry())))
    assert calendar["version"] == "2.0"
    assert calendar["x-wr-timezone"] == "Europe/Vienna"
    [event] = calendar.walk("VEVENT")
    assert event["uid"] == f"{SOME_ID}@dr-assistant"
    assert event.decoded("dtstart") == MADE
    assert event.decoded("dtend") == MADE + timedelta(minutes=30)
    assert event.decoded("dtstamp") == MADE + timedelta(hours=1)
    assert event.decoded("sequence") == 3
    assert (event["summary"], event["status"], event["class"]) == (
        "Appointment",
        "CONFIRMED",
        "PRIVATE",
    )


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        # The clock jumps from 02:00 to 03:00 on 29-Mar-2026, and back from 03:00 on 25-Oct-2026.
        (datetime(2026, 3, 28, 9, tzinfo=VIENNA), "20260328T080000Z"),
        (datetime(2026, 3, 29, 1, 45, tzinfo=VIENNA), "20260329T004500Z"),
        (datetime(2026, 3, 29, 3, tzinfo=VIENNA), "20260329T010000Z"),
        (datetime(2026, 3, 30, 9, tzinfo=VIENNA), "20260330T070000Z"),
        (datetime(2026, 10, 24, 9, tzinfo=VIENNA), "20261024T070000Z"),
        (datetime(2026, 10, 25, 2, 30, fold=0, tzinfo=VIENNA), "20261025T003000Z"),
        (datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=VIENNA), "20261025T013000Z"),
        (datetime(2026, 10, 26, 9, tzinfo=VIENNA), "20261026T080000Z"),
    ],
)
def test_times_are_right_on_both_edges_of_summer_time(local: datetime, utc: str) -> None:
    written = write_calendar(contents(an_entry(local.astimezone(UTC))))
    assert f"DTSTART:{utc}".encode() in written
    [event] = read_back(written).walk("VEVENT")
    shown = event.decoded("dtstart").astimezone(VIENNA)
    assert (shown, shown.hour, shown.minute) == (local, local.hour, local.minute)
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=30)


@pytest.mark.parametrize(
    ("status", "told", "busy"),
    [
        (AppointmentStatus.BOOKED, "CONFIRMED", "OPAQUE"),
        (AppointmentStatus.ARRIVED, "CONFIRMED", "OPAQUE"),
        (AppointmentStatus.CHECKED_OUT, "CONFIRMED", "OPAQUE"),
        (AppointmentStatus.CANCELLED, "CANCELLED", "TRANSPARENT"),
        (AppointmentStatus.NOSHOW, "CANCELLED", "TRANSPARENT"),
        (AppointmentStatus.ENTERED_IN_ERROR, "CANCELLED", "TRANSPARENT"),
    ],
)
def test_what_does_not_take_place_is_struck_out(
    status: AppointmentStatus, told: str, busy: str
) -> None:
    [event] = read_back(write_calendar(contents(an_entry(status=status)))).walk("VEVENT")
    assert (event["status"], event["transp"]) == (told, busy)


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Mara Okafor-Lind", "M.O."),
        ("Lukasz  van der Berg", "L.V.D.B."),
        ("'Anna' élan", "A.É."),
        ("- Lee", "L."),
        ("", ""),
        (None, ""),
    ],
)
def test_initials_are_letters_and_no_more(name: str | None, initials: str) -> None:
    assert initials_of(name) == initials


def test_initials_stand_in_the_summary_and_the_name_nowhere() -> None:
    entry = an_entry(patient_id=PATIENT, patient_name="Mara Okafor-Lind")
    written = write_calendar(contents(entry))
    [event] = read_back(written).walk("VEVENT")
    assert event["summary"] == "Appointment M.O."
    for secret in (b"Mara", b"Okafor", str(PATIENT).encode()):
        assert secret not in written


def test_a_label_cannot_break_out_of_its_line() -> None:
    forged = "Phone, work; BEGIN:VEVENT\\n" + "x" * 90
    written = write_calendar(contents(an_entry(), label=forged))
    calendar = read_back(written)
    assert len(calendar.walk("VEVENT")) == 1
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))


def test_the_etag_tells_every_change_and_nothing_else() -> None:
    before = contents(an_entry())
    assert before.etag == contents(an_entry()).etag
    changes = [
        contents(),
        contents(an_entry(version=4)),
        contents(an_entry(updated_at=MADE + timedelta(hours=2))),
        contents(an_entry(patient_name="Mara Okafor-Lind")),
        contents(an_entry(), label="Watch"),
        contents(an_entry(), day_began=MADE + timedelta(days=1)),
        Contents(label="Phone", zone=ZoneInfo("UTC"), day_began=MADE, entries=[an_entry()]),
    ]
    assert len({before.etag, *(each.etag for each in changes)}) == len(changes) + 1


def test_it_last_changed_when_an_appointment_did_or_the_day_began() -> None:
    assert contents(an_entry()).changed_at == MADE + timedelta(hours=1)
    tomorrow = MADE + timedelta(days=1)
    assert contents(an_entry(), day_began=tomorrow).changed_at == tomorrow
