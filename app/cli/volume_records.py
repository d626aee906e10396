"""The rows of a volume: one statement for each kind, for as many of them as are asked for."""

from dataclasses import dataclass


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
