"""A clinic that has been open for half a year, written by the database itself."""

DOCTORS = 40
PATIENTS = 5_000
APPOINTMENTS = 40_000  # five a day with each doctor, two hundred days, the last of them to come
FIRST_DAY = "2025-09-10"  # the frozen clock stands 173 days later

FILL = f"""
insert into users (id, username, full_name, role, status, password_hash, specialty)
select md5('d' || i)::uuid, 'doctor-' || i, 'Dr. Number ' || i, 'doctor', 'active', 'x',
    (array['surgery', 'dermatology'])[1 + i % 2]
from generate_series(0, {DOCTORS - 1}) i;

insert into patients (id, mrn, given_name, family_name, birth_date, sex, created_by, created_at,
    updated_at, search_text)
select md5('p' || i)::uuid, 'MRN-' || 100000 + i, 'Given' || i, 'Family' || i, '1950-01-01',
    'unknown', md5('d0')::uuid, now(), now(), 'family' || i
from generate_series(0, {PATIENTS - 1}) i;

insert into rooms (id, name) select md5('r' || i)::uuid, 'Room ' || i from generate_series(0, 9) i;
insert into visit_types (id, name, duration_minutes, color)
select md5('v' || i)::uuid, 'Type ' || i, 20, 'blue' from generate_series(0, 4) i;

insert into appointment_series (id, patient_id, practitioner_id, visit_type_id, rrule,
    first_local, duration_minutes, created_by, created_at)
select md5('s' || i)::uuid, md5('p' || i)::uuid, md5('d' || i)::uuid, md5('v0')::uuid,
    'FREQ=DAILY;COUNT=100', '2025-07-01 08:00', 20, md5('d0')::uuid, now()
from generate_series(0, {DOCTORS - 1}) i;

insert into appointments (id, status, practitioner_id, patient_id, patient_name, visit_type_id,
    room_id, starts_at, ends_at, practitioner_share, series_id, occurrence_local, expires_at,
    cancelled_by, created_by, booked_by, booked_at, created_at, updated_at)
select md5('a' || i)::uuid, status, md5('d' || i % {DOCTORS})::uuid,
    md5('p' || i % {PATIENTS})::uuid, 'Somebody', md5('v' || i % 5)::uuid,
    case when i % 40 < 10 then md5('r' || i % 40)::uuid end,
    starts_at, starts_at + interval '20 minutes', int4range(0, 27720),
    case when i / 40 % 100 = 7 then md5('s' || i % 40)::uuid end, starts_at at time zone 'UTC',
    case when status = 'pending' then starts_at end,
    case when status = 'cancelled' then 'patient' end,
    md5('d0')::uuid, md5('d0')::uuid, starts_at - interval '30 days',
    starts_at - interval '30 days', starts_at
from generate_series(0, {APPOINTMENTS - 1}) i,
    lateral (select timestamptz '{FIRST_DAY} 08:00Z' + i / 40 / 5 * interval '1 day'
        + i / 40 % 5 * interval '90 minutes' as starts_at) as times,
    lateral (select case
        when i % 13 = 0 then 'cancelled'
        when i % 2000 = 7 then 'pending'
        when starts_at > '2026-03-02 09:00Z' or i % 3000 = 5 then 'booked'
        when i % 17 = 0 then 'noshow'
        else 'finished' end as status) as states;

insert into appointment_moves (appointment_id, to_status, moved_by, moved_at)
select id, status, created_by, created_at from appointments;

insert into reminders (id, appointment_id, appointment_version, starts_at, kind, channel, status,
    send_at, sent_at, claimed_at, created_at)
select md5('m' || id)::uuid, id, 1, starts_at, '48h', 'file', state,
    starts_at - interval '48 hours', case when state = 'sent' then starts_at end,
    case when state = 'sending' then starts_at end, created_at
from appointments, lateral (select case
    when starts_at > '2026-03-04' then 'planned'
    when right(id::text, 2) = '00' then 'sending'
    else 'sent' end as state) as states;

insert into waiting_list_entries (id, status, patient_id, visit_type_id, practitioner_id, urgency,
    created_by, created_at)
select md5('w' || i)::uuid, (array['waiting', 'booked', 'withdrawn', 'booked'])[1 + i % 4],
    md5('p' || i % {PATIENTS})::uuid, md5('v' || i % 5)::uuid,
    case when i % 3 > 0 then md5('d' || i % {DOCTORS})::uuid end, 'routine', md5('d0')::uuid,
    timestamptz '{FIRST_DAY}' + i * interval '10 minutes'
from generate_series(0, 19999) i;

insert into waiting_list_offers (id, entry_id, appointment_id, status, offered_by, offered_at,
    expires_at)
select md5('o' || i)::uuid, md5('w' || i)::uuid, md5('a' || i)::uuid,
    case when i % 50 = 0 then 'open' else 'expired' end, md5('d0')::uuid,
    timestamptz '{FIRST_DAY}' + i * interval '10 minutes', timestamptz '{FIRST_DAY}'
from generate_series(0, 19999) i;

insert into outbox (name, payload, actor_id, occurred_at, id)
select 'scheduling.appointment_booked.v1', '{{}}', md5('d0')::uuid, now(), gen_random_uuid()
from generate_series(1, 20000);
insert into outbox_deliveries (seq, subscriber, done_at)
select seq, 'appointments.days', case when seq < 19990 then now() end from outbox;

insert into appointment_days (practitioner_id, day, refreshed_at)
select md5('d' || d)::uuid, date '2020-01-01' + n, now()
from generate_series(0, {DOCTORS - 1}) d, generate_series(0, 999) n;

analyze;
"""
