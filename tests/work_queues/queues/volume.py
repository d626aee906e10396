"""A large clinic's queues: a hundred thousand open items and as many closed ones."""

NURSES = "00000000-0000-4000-8000-0000000000a1"
OPEN, CLOSED, PATIENTS = 100_000, 100_000, 5_000

FILL = f"""
insert into users (id, username, full_name, role, status, password_hash)
select md5('u' || i)::uuid, 'user-' || i, 'Number ' || i,
    (array['nurse', 'doctor', 'receptionist', 'admin'])[1 + i % 4], 'active', 'x'
from generate_series(0, 59) i;

insert into patients (id, mrn, given_name, family_name, birth_date, sex, created_by, created_at,
    updated_at, search_text)
select md5('p' || i)::uuid, 'MRN-' || 100000 + i, 'Given' || i, 'Family' || i, '1950-01-01',
    'unknown', md5('u0')::uuid, now(), now(), 'family' || i
from generate_series(0, {PATIENTS - 1}) i;

insert into pools (id, key, name, updated_by)
select md5('pool' || i)::uuid, 'pool-' || i, 'Pool ' || i, md5('u0')::uuid
from generate_series(0, 9) i;
insert into pool_members (pool_id, user_id, added_by, added_at)
select md5('pool' || i)::uuid, md5('u0')::uuid, md5('u3')::uuid, now() from generate_series(0, 1) i;

insert into work_items (id, kind, type, status, severity, title, pool_id, assignee_id, holder_id,
    held_since, lease_until, patient_id, due_at, snoozed_until, acknowledged_until,
    last_occurred_at, created_by, created_at, closed_at, called)
select md5('w' || i)::uuid, kind, kind, status,
    (array['critical', 'high', 'medium', 'low'])[1 + i % 4], 'Something to do',
    case when i % 3 = 0 then md5('pool' || i / 3 % 10)::uuid else '{NURSES}'::uuid end,
    case when i % 500 = 4 then md5('u' || i / 500 % 60)::uuid end,
    case when held then md5('u' || i / 100 % 60)::uuid end,
    case when held then timestamptz '2026-03-02 08:50Z' end,
    case when held then timestamptz '2026-03-02 09:05Z' end,
    case when i % 2 = 0 then md5('p' || i % {PATIENTS})::uuid end,
    case when i % 5 > 0
        then timestamptz '2026-03-02 09:00Z' + (i % 9001 - 1000) * interval '1 minute' end,
    case when status = 'on-hold' and i % 2 = 0 then timestamptz '2026-03-02 12:00Z' end,
    null, created_at, md5('u' || i % 60)::uuid, created_at,
    case when status = 'completed' then created_at + interval '3 hours' end,
    case when i % 1000 = 5 then array[md5('u' || i / 1000 % 60)::uuid] else '{{}}' end
from generate_series(0, {OPEN + CLOSED - 1}) i,
    lateral (select case when i % 400 = 398 then 'alert' else 'task' end as kind) as kinds,
    lateral (select i < {OPEN} and i % 500 = 7 and kind = 'task' as held) as hands,
    lateral (select case
        when kind = 'alert' then 'triggered'
        when i >= {OPEN} then 'completed'
        when held then 'in-progress'
        when i % 50 = 3 then 'on-hold'
        else 'ready' end as status) as states,
    lateral (select timestamptz '2026-03-02 09:00Z' - (i % 100000) * interval '3 minutes'
        as created_at) as moments;

insert into work_item_comments (item_id, text, written_by, written_at)
select md5('w' || i)::uuid, 'Called.', md5('u0')::uuid, now() from generate_series(0, 20000) i;
insert into task_checklist_items (item_id, position, label)
select md5('w' || i)::uuid, n, 'Step'
from generate_series(0, 20000) i, generate_series(1, 3) n;
insert into work_item_moves (item_id, change, to_status, moved_by, moved_at)
select id, 'opened', 'ready', created_by, created_at from work_items;
analyze;
"""
