"""Filling a clinic with the records of many years, to measure and to test at.

At scale 1: 100,000 patients, a million appointments, two million headers of notes, and what
belongs to them, all invented. Rows are written by the database itself, in batches; each has an id
made of its number, so a second run adds only what a first one left out. Of the notes there are
headers and words to search by, no text: a volume is for lists and searches, not for reading.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import asyncpg

from app.dashboards import timeline
from app.dashboards.timeline import EntryKind
from app.infra.postgres import asyncpg_dsn
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.patients import search_text_of

VOLUME = Actor.system("volume")
BATCH = 50_000
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


@dataclass(frozen=True)
class Step:
    """Rows `{first}` to `{last}` of one kind, in one statement; `each` at scale 1."""

    what: str
    each: int
    sql: str


# Which patient or doctor the n-th record is about.
CAST = """
create or replace function pg_temp.patient(n bigint) returns uuid immutable language sql as
    $$ select lpad(to_hex(1 + n % {patients}), 32, '0')::uuid $$;
create or replace function pg_temp.doctor(n bigint) returns uuid immutable language sql as
    $$ select md5('volume doctor ' || n % {doctors})::uuid $$;
create temporary table volume_patients as select {columns} from patients with no data;
"""
ADD_PATIENTS = """
insert into patients ({columns}) select {columns} from volume_patients on conflict do nothing"""
STAFF = (
    Step(
        "doctors",
        0,
        """
insert into users (id, username, full_name, role, status, password_hash, specialty)
select md5('volume doctor ' || i)::uuid, 'volume-doctor-' || i, 'Dr. Volume ' || i, 'doctor',
    'active', '', (array['family medicine', 'cardiology', 'dermatology'])[1 + i % 3]
from generate_series({first}, {last}) i on conflict do nothing""",
    ),
    Step(
        "a visit type",
        0,
        """
insert into visit_types (id, name, duration_minutes, color)
values (md5('volume visit')::uuid, 'Volume visit', 20, 'blue') on conflict do nothing""",
    ),
)
# The n-th appointment: doctors one after the other, then the times of a day, then the days. The
# last day lies thirty days ahead.
RECORDS = (
    Step(
        "appointments",
        1_000_000,
        """
insert into appointments (id, status, practitioner_id, patient_id, patient_name, visit_type_id,
    starts_at, ends_at, practitioner_share, created_by, booked_by, booked_at, created_at,
    arrived_at, seen_at, finished_at)
select md5('volume appointment ' || i)::uuid, status, pg_temp.doctor(i), p.id,
    p.given_name || ' ' || p.family_name, md5('volume visit')::uuid, starts_at,
    starts_at + interval '20 minutes', int4range(0, 27720), '{volume}', '{volume}',
    starts_at - interval '20 days', starts_at - interval '20 days',
    case when status = 'finished' then starts_at end,
    case when status = 'finished' then starts_at end,
    case when status = 'finished' then starts_at + interval '18 minutes' end
from generate_series({first}, {last}) i
join patients p on p.id = pg_temp.patient(i * 7919::bigint),
    lateral (select {appointments} - 1 - i as back) as place,
    lateral (select date_trunc('day', now()) + interval '8 hours'
        + ({days_ahead} - back / {doctors} / {times_a_day}) * interval '1 day'
        + back / {doctors} % {times_a_day} * interval '20 minutes' as starts_at) as times,
    lateral (select case when starts_at > now() then 'booked' when i % 13 = 0 then 'cancelled'
        when i % 17 = 0 then 'noshow' else 'finished' end as status) as states
on conflict do nothing""",
    ),
    Step(
        "encounters",
        1_000_000,
        """
insert into encounters (id, patient_id, practitioner_id, kind, appointment_id, status, started_at,
    ended_at)
select md5('volume encounter ' || i)::uuid, a.patient_id, a.practitioner_id, 'appointment', a.id,
    'completed', a.starts_at, a.ends_at
from generate_series({first}, {last}) i
join appointments a on a.id = md5('volume appointment ' || i)::uuid and a.status = 'finished'
on conflict do nothing""",
    ),
    Step(
        "notes",
        2_400_000,
        """
insert into notes (id, encounter_id, patient_id, type, status, author_id, versions_used, revision,
    signed_by, signed_at, content_sha256, created_at, updated_at)
select md5('volume note ' || i)::uuid, e.id, e.patient_id,
    (array['soap', 'progress'])[1 + i % 2], 'signed', e.practitioner_id, 1, 1,
    e.practitioner_id, e.ended_at, 'volume', e.started_at, e.ended_at
from generate_series({first}, {last}) i
join encounters e on e.id = md5('volume encounter ' || i * 5 / 12)::uuid
on conflict do nothing""",
    ),
    Step(
        "words of notes",
        2_400_000,
        """
insert into note_search (note_id, patient_id, sorted_at, terms)
select n.id, n.patient_id, n.signed_at,
    to_tsvector('simple', 'cough fever plan w' || i % 10 || ' rare' || i % 50000)
from generate_series({first}, {last}) i join notes n on n.id = md5('volume note ' || i)::uuid
on conflict do nothing""",
    ),
    Step(
        "signatures",
        2_400_000,
        """
insert into note_revisions (note_id, revision, document_id, content_sha256, chain_sha256,
    signed_by, signer_name, signed_at, meaning)
select n.id, 1, md5('volume text ' || i)::uuid, 'volume', 'volume', n.author_id,
    'Dr. Volume', n.signed_at, 'authorship'
from generate_series({first}, {last}) i join notes n on n.id = md5('volume note ' || i)::uuid
on conflict do nothing""",
    ),
    Step(
        "prescriptions",
        400_000,
        """
insert into prescriptions (id, patient_id, encounter_id, prescriber_id, signer_name,
    content_sha256, created_at, issued_at)
select md5('volume prescription ' || i)::uuid, e.patient_id, e.id, e.practitioner_id,
    'Dr. Volume', 'volume', e.started_at, e.ended_at
from generate_series({first}, {last}) i
join encounters e on e.id = md5('volume encounter ' || i * 2)::uuid
on conflict do nothing""",
    ),
    Step(
        "medicines",
        400_000,
        """
insert into prescription_items (id, prescription_id, patient_id, position, drug_key, name, sig,
    sig_text, status, status_at)
select md5('volume medicine ' || i)::uuid, p.id, p.patient_id, 1, 'lisinopril', 'lisinopril',
    '{{}}', '10 mg by mouth once daily', case when i % 5 = 0 then 'active' else 'completed' end,
    p.issued_at
from generate_series({first}, {last}) i
join prescriptions p on p.id = md5('volume prescription ' || i)::uuid
on conflict do nothing""",
    ),
    Step(
        "orders",
        400_000,
        """
insert into orders (id, patient_id, encounter_id, orderer_id, priority, created_by, created_at,
    placed_at)
select md5('volume order ' || i)::uuid, e.patient_id, e.id, e.practitioner_id, 'routine',
    e.practitioner_id, e.started_at, e.ended_at
from generate_series({first}, {last}) i
join encounters e on e.id = md5('volume encounter ' || (i * 2 + 1))::uuid
on conflict do nothing""",
    ),
    Step(
        "things ordered",
        400_000,
        """
insert into order_items (id, order_id, patient_id, position, orderable_key, kind, name, status,
    status_at, activated_at)
select md5('volume item ' || i)::uuid, o.id, o.patient_id, 1, 'bmp', 'lab',
    'Basic metabolic panel', case when i % 20 = 0 then 'active' else 'completed' end,
    o.placed_at, o.placed_at
from generate_series({first}, {last}) i join orders o on o.id = md5('volume order ' || i)::uuid
on conflict do nothing""",
    ),
    Step(
        "results",
        400_000,
        """
insert into diagnostic_reports (id, patient_id, order_item_id, responsible_id, kind, title, status,
    flag, versions, reported_at, unacknowledged_since, source, created_by, created_at)
select md5('volume result ' || i)::uuid, o.patient_id, item.id, o.orderer_id, 'lab', item.name,
    'final', 'normal', 1, o.placed_at + interval '1 day',
    case when i % 200 = 1 then o.placed_at + interval '1 day' end, 'api', o.orderer_id,
    o.placed_at + interval '1 day'
from generate_series({first}, {last}) i
join order_items item on item.id = md5('volume item ' || i)::uuid and item.status = 'completed'
join orders o on o.id = item.order_id
on conflict do nothing""",
    ),
    Step(
        "versions of results",
        400_000,
        """
insert into report_versions (report_id, number, status, flag, issued_at, content_sha256,
    reported_by, reported_at)
select r.id, 1, 'final', 'normal', r.reported_at, repeat('0', 64), r.created_by, r.reported_at
from generate_series({first}, {last}) i
join diagnostic_reports r on r.id = md5('volume result ' || i)::uuid
on conflict do nothing""",
    ),
    Step(
        "values",
        800_000,
        """
insert into observations (report_id, number, position, patient_id, code, name, value_number, unit,
    low, high, flag, observed_at)
select r.id, 1, 1 + i % 2, r.patient_id, (array['2823-3', '2160-0'])[1 + i % 2],
    (array['Potassium', 'Creatinine'])[1 + i % 2], 4.1, 'mmol/L', 3.5, 5.1, 'normal', r.reported_at
from generate_series({first}, {last}) i
join diagnostic_reports r on r.id = md5('volume result ' || i / 2)::uuid
on conflict do nothing""",
    ),
    Step(
        "problems",
        200_000,
        """
insert into problems (id, patient_id, description, clinical_status, verification_status,
    recorded_by, recorded_at)
select md5('volume problem ' || i)::uuid, pg_temp.patient(i), 'Essential hypertension',
    case when i % 3 = 0 then 'resolved' else 'active' end, 'confirmed', pg_temp.doctor(i),
    now() - i * interval '5 minutes'
from generate_series({first}, {last}) i
on conflict do nothing""",
    ),
    Step(
        "tasks",
        100_000,
        """
insert into work_items (id, kind, type, status, severity, title, pool_id, patient_id, due_at,
    last_occurred_at, created_by, created_at, closed_at)
select md5('volume task ' || i)::uuid, 'task', 'task', status,
    (array['high', 'medium', 'low'])[1 + i % 3], 'Something to do',
    '00000000-0000-4000-8000-0000000000a1', pg_temp.patient(i),
    created_at + interval '2 days', created_at, '{volume}', created_at,
    case when status = 'completed' then created_at + interval '5 hours' end
from generate_series({first}, {last}) i,
    lateral (select case when i % 20 = 0 then 'ready' else 'completed' end as status) as states,
    lateral (select now() - i * interval '7 minutes' as created_at) as moments
on conflict do nothing""",
    ),
    Step(
        "lines of the audit trail",
        1_000_000,
        """
insert into audit_events (occurred_at, actor_id, actor_role, action, outcome, patient_id,
    subject_id)
select now() - i * interval '40 seconds', pg_temp.doctor(i), 'doctor', 'patient.read',
    'success', pg_temp.patient(i), read
from generate_series({first}, {last}) i,
    lateral (select md5('volume read ' || i)::uuid as read) as reads
where not exists (select from audit_events where subject_id = read)""",
    ),
)
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
        for first in range(0, wanted, BATCH):
            last = min(first + BATCH, wanted)
            ids = [made_of(f"volume {noun} {number}") for number in range(first, last)]
            async with works.begin(VOLUME) as uow:
                await timeline.write_headers(uow, kind, ids)
            on_progress(f"history: {noun}s", last, wanted)
    async with works.lines.lent() as line:
        await line.driver.execute("vacuum analyze timeline_entries")


def made_of(name: str) -> UUID:
    """As the database makes an id of a name."""
    return UUID(hashlib.md5(name.encode(), usedforsecurity=False).hexdigest())


def rows(done: str) -> int:
    """Of "INSERT 0 17" the 17."""
    return int(done.rsplit(maxsplit=1)[-1])
