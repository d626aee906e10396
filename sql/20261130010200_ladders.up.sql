create table ladders (
    id uuid primary key,
    key text not null unique check (key ~ '^[a-z][a-z0-9-]{0,49}$'),
    name text not null check (length(name) between 1 and 100),
    calendar_id uuid not null references work_calendars (id),
    version integer not null default 1,
    updated_by uuid not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
comment on table ladders is 'Who is told next when nobody acts; delays count in the minutes of the calendar.';
create trigger ladders_touch before update on ladders for each row execute function touch_updated_at();

create table ladder_steps (
    ladder_id uuid not null references ladders (id),
    position integer not null check (position between 1 and 20),
    after_minutes integer not null check (after_minutes between 0 and 100000),
    target text not null check (target in ('holder', 'person', 'on-duty', 'pool', 'everybody')),
    user_id uuid references users (id),
    pool_id uuid references pools (id),
    channel text not null check (channel in ('page', 'email')),
    primary key (ladder_id, position),
    constraint ck_ladder_steps_target check (
        (user_id is not null) = (target = 'person')
        and (pool_id is not null) = (target in ('on-duty', 'pool')))
);
comment on table ladder_steps is 'Steps in order; after_minutes counts from the moment the climb begins, never less than the step before.';
comment on column ladder_steps.target is 'holder: who holds it or whom it is for; on-duty: those of the pool on duty then; pool: all its members, and the item goes to its queue.';

create table work_types (
    code text primary key check (code ~ '^[a-z][a-z0-9.-]{0,59}$'),
    kind text not null check (kind in ('task', 'alert')),
    title text not null check (length(title) between 1 and 100),
    severity text not null check (severity in ('critical', 'high', 'medium', 'low')),
    pool_id uuid not null references pools (id),
    calendar_id uuid not null references work_calendars (id),
    ladder_id uuid references ladders (id),
    due_amount integer check (due_amount between 1 and 100000),
    due_unit text check (due_unit in ('minutes', 'working-minutes', 'days', 'working-days')),
    acknowledged_minutes integer check (acknowledged_minutes between 1 and 10080),
    version integer not null default 1,
    updated_by uuid not null,
    updated_at timestamptz not null default now(),
    constraint ck_work_types_due check ((due_amount is null) = (due_unit is null)),
    constraint ck_work_types_acknowledged check ((acknowledged_minutes is not null) = (kind = 'alert'))
);
comment on table work_types is 'Kinds of tasks and alerts: how severe, whose, by when, and which ladder they climb.';
comment on column work_types.acknowledged_minutes is 'So long an acknowledgement holds; then the alert is triggered again.';
create trigger work_types_touch before update on work_types for each row execute function touch_updated_at();

insert into ladders (id, key, name, calendar_id, updated_by) values
    ('00000000-0000-4000-8000-00000000ad01', 'urgent', 'At once, day and night', '00000000-0000-4000-8000-00000000ca01', '00000000-0000-0000-0000-000000000000'),
    ('00000000-0000-4000-8000-00000000ad02', 'standard', 'In office hours', '00000000-0000-4000-8000-00000000ca02', '00000000-0000-0000-0000-000000000000');
insert into ladder_steps (ladder_id, position, after_minutes, target, user_id, pool_id, channel) values
    ('00000000-0000-4000-8000-00000000ad01', 1, 0, 'holder', null, null, 'page'),
    ('00000000-0000-4000-8000-00000000ad01', 2, 15, 'on-duty', null, '00000000-0000-4000-8000-0000000000a2', 'page'),
    ('00000000-0000-4000-8000-00000000ad01', 3, 30, 'pool', null, '00000000-0000-4000-8000-0000000000a4', 'page'),
    ('00000000-0000-4000-8000-00000000ad01', 4, 60, 'everybody', null, null, 'page'),
    ('00000000-0000-4000-8000-00000000ad02', 1, 0, 'holder', null, null, 'page'),
    ('00000000-0000-4000-8000-00000000ad02', 2, 240, 'pool', null, '00000000-0000-4000-8000-0000000000a4', 'page');
insert into work_types (code, kind, title, severity, pool_id, calendar_id, ladder_id, due_amount, due_unit, acknowledged_minutes, updated_by) values
    ('task', 'task', 'Task', 'medium', '00000000-0000-4000-8000-0000000000a1', '00000000-0000-4000-8000-00000000ca02', '00000000-0000-4000-8000-00000000ad02', 2, 'working-days', null, '00000000-0000-0000-0000-000000000000'),
    ('alert', 'alert', 'Alert', 'high', '00000000-0000-4000-8000-0000000000a1', '00000000-0000-4000-8000-00000000ca01', '00000000-0000-4000-8000-00000000ad01', 60, 'minutes', 30, '00000000-0000-0000-0000-000000000000'),
    ('note.draft', 'task', 'Draft note to correct and sign', 'medium', '00000000-0000-4000-8000-0000000000a2', '00000000-0000-4000-8000-00000000ca01', null, 1, 'days', null, '00000000-0000-0000-0000-000000000000'),
    ('note.unsigned', 'alert', 'Note unsigned past its limit', 'high', '00000000-0000-4000-8000-0000000000a2', '00000000-0000-4000-8000-00000000ca02', '00000000-0000-4000-8000-00000000ad02', 240, 'working-minutes', 480, '00000000-0000-0000-0000-000000000000'),
    ('recording.failed', 'alert', 'Dictation could not be transcribed', 'high', '00000000-0000-4000-8000-0000000000a2', '00000000-0000-4000-8000-00000000ca02', '00000000-0000-4000-8000-00000000ad02', 240, 'working-minutes', 480, '00000000-0000-0000-0000-000000000000'),
    ('recording.silent', 'task', 'Dictation without speech', 'low', '00000000-0000-4000-8000-0000000000a2', '00000000-0000-4000-8000-00000000ca02', null, 1, 'working-days', null, '00000000-0000-0000-0000-000000000000');
