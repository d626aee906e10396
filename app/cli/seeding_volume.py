"""Filling a clinic with the records of many years, to measure and to test at.

At scale 1: 100,000 patients, a million appointments, two million headers of notes, and what
belongs to them, all invented. Rows are written by the database itself, in batches; each has an id
made of its number, so a second run adds only what a first one left out. Of the notes there are
headers and words to search by, no text: a volume is for lists and searches, not for reading.
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import asyncpg

from app.cli.volume_records import ADD_PATIENTS, CAST, RECORDS, STAFF
from app.dashboards import timeline
from app.dashboards.timeline import EntryKind
from app.infra.postgres import asyncpg_dsn
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.patients import search_text_of

VOLUME = Actor.system("volume")
BATCH = 50_000
ENTRIES = 10_000  # at a time: they are written by the statements of every day, with their patience
DOCTORS = 40
TIMES_A_DAY = 24  # of twenty minutes each, from eight
PATIENT_COLUMNS = (
    "id", "mrn", "given_name", "family_name", "birth_date", "sex", "phone",
    "created_by", "created_at", "updated_at", "search_text",
)  # fmt: skip
FIRST = ("ba", "de", "fi", "go", "ha", "jo", "ka", "li", "ma", "ne", "pa", "ro", "sa", "ti", "vo")
MIDDLE = ("lan", "mir", "nel", "rik", "ral", "sel", "tov", "vin", "zar", "bel", "dor", "fen")
GIVEN_END = ("a", "o", "i", "us", "ette", "en", "y", "as")
FAMILY_END = ("son", "ski", "er", "feld", "ini", "berg", "wood", "ez", "quist", "ton")


def invented_patients(patients: int) -> Iterator[tuple[object, ...]]:
    """The same patients every time, spread evenly over names and birthdays."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    for i in range(patients):
        given = FIRST[i % 15] + MIDDLE[i // 7 % 12] + GIVEN_END[i // 11 % 8]
        family = MIDDLE[i // 13 % 12] + MIDDLE[i // 5 % 12] + FAMILY_END[i // 3 % 10]
        birth = date(1925, 1, 1) + timedelta(days=i * 7919 % 36_000)
        phone, mrn = f"+1 555 {i // 10_000:03}-{i % 10_000:04}", f"MRN-{5_000_000 + i}"
        found_by = search_text_of(given=given, family=family, birth=birth, phone=phone, mrn=mrn)
        names = (given.title(), family.title())
        who = (patient_id(i), mrn, *names, birth, "unknown", phone)
        yield (*who, VOLUME.id, moment, moment, found_by)


def patient_id(number: int) -> UUID:
    return UUID(int=number + 1)


Progress = Callable[[str, int, int], None]


async def seed_volume(
    database_url: str, scale: float, on_progress: Progress = lambda *_: None
) -> dict[str, int]:
    """Write `scale` times the volume above; returns how many rows of each kind were added.

    `on_progress` is told what is written, how many rows of it are done, and how many there are.
    """
    connection = await asyncpg.connect(asyncpg_dsn(database_url))
    try:
        patients = max(round(100_000 * scale), DOCTORS)
        appointments = round(1_000_000 * scale)
        said = {
            "patients": patients,
            "doctors": DOCTORS,
            "appointments": appointments,
            "times_a_day": TIMES_A_DAY,
            "days_ahead": appointments // (DOCTORS * TIMES_A_DAY * 20),
            "volume": VOLUME.id,
            "columns": ", ".join(PATIENT_COLUMNS),
        }
        await connection.execute(CAST.format(**said))
        await connection.copy_records_to_table(
            "volume_patients", records=invented_patients(patients), columns=PATIENT_COLUMNS
        )
        added = {"patients": rows(await connection.execute(ADD_PATIENTS.format(**said)))}
        on_progress("patients", patients, patients)
        for step in (*STAFF, *RECORDS):
            wanted = round(step.each * scale) or DOCTORS
            added[step.what] = 0
            for first in range(0, wanted, BATCH):
                last = min(first + BATCH, wanted) - 1
                sql = step.sql.format(first=first, last=last, **said)
                added[step.what] += rows(await connection.execute(sql))
                on_progress(step.what, last + 1, wanted)
            await connection.execute("analyze")  # or the next step would be planned for no rows
        await connection.execute("vacuum analyze")
    finally:
        await connection.close()
    return added


HISTORIES = (
    (EntryKind.APPOINTMENT, "appointment", 1_000_000),
    (EntryKind.ENCOUNTER, "encounter", 1_000_000),
    (EntryKind.NOTE, "note", 2_400_000),
    (EntryKind.PRESCRIPTION, "prescription", 400_000),
    (EntryKind.ORDER, "order", 400_000),
    (EntryKind.RESULT, "result", 400_000),
    (EntryKind.PROBLEM, "problem", 200_000),
)


async def write_histories(
    works: Works, scale: float, on_progress: Progress = lambda *_: None
) -> None:
    """The timelines of all that: five million entries at scale 1."""
    for kind, noun, each in HISTORIES:
        wanted = round(each * scale)
        for first in range(0, wanted, ENTRIES):
            last = min(first + ENTRIES, wanted)
            ids = [made_of(f"volume {noun} {number}") for number in range(first, last)]
            async with works.begin(VOLUME) as uow:
                await timeline.write_headers(uow, kind, ids)
            on_progress(f"history: {noun}s", last, wanted)
        async with works.lines.lent() as line:  # or the next kind would be planned for few rows
            await line.driver.execute("vacuum analyze timeline_entries")


def made_of(name: str) -> UUID:
    """As the database makes an id of a name."""
    return UUID(hashlib.md5(name.encode(), usedforsecurity=False).hexdigest())


def rows(done: str) -> int:
    """Of "INSERT 0 17" the 17."""
    return int(done.rsplit(maxsplit=1)[-1])
