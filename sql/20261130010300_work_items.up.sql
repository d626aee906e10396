create table work_items (
    id uuid primary key,
    kind text not null check (kind in ('task', 'alert')),
    type text not null references work_types (code),
    status text not null,
    severity text not null check (severity in ('critical', 'high', 'medium', 'low')),
    severity_rank integer not null generated always as (
        case severity when 'critical' then 0 when 'high' then 1 when 'medium' then 2 else 3 end) stored,
    title text not null check (length(title) between 1 and 200),
    body text check (length(body) between 1 and 4000),
    pool_id uuid not null references pools (id),
    assignee_id uuid references users (id),
    holder_id uuid references users (id),
    held_since timestamptz,
    lease_until timestamptz,
    patient_id uuid references patients (id),
    subject_type text check (length(subject_type) between 1 and 50),
    subject_id uuid,
    due_at timestamptz,
    turn_at timestamptz not null generated always as (coalesce(due_at, timestamptz '9999-01-01 00:00:00+00')) stored,
    snoozed_until timestamptz,
    cause_key text check (length(cause_key) between 1 and 200),
    occurrences integer not null default 1 check (occurrences >= 1),
    last_occurred_at timestamptz not null,
    cycle integer not null default 1 check (cycle >= 1),
    acknowledged_until timestamptz,
    escalation_level integer not null default 0,
    called uuid[] not null default '{}',
    version integer not null default 1,
    created_by uuid not null,
    created_at timestamptz not null,
    closed_at timestamptz,
    updated_at timestamptz not null default now(),
    constraint ck_work_items_status check (
        (kind = 'task' and status in ('ready', 'in-progress', 'on-hold', 'completed', 'cancelled'))
        or (kind = 'alert' and status in ('triggered', 'acknowledged', 'snoozed', 'resolved'))),
    constraint ck_work_items_holder check (
        (holder_id is null) = (held_since is null) and (holder_id is null) = (lease_until is null)),
    constraint ck_work_items_in_progress check (status <> 'in-progress' or holder_id is not null),
    constraint ck_work_items_ready check (status not in ('ready', 'on-hold', 'completed', 'cancelled', 'resolved', 'snoozed') or holder_id is null),
    constraint ck_work_items_acknowledged check ((status = 'acknowledged') = (acknowledged_until is not null)),
    constraint ck_work_items_closed check ((status in ('completed', 'cancelled', 'resolved')) = (closed_at is not null)),
    constraint ck_work_items_subject check ((subject_type is null) = (subject_id is null))
);
comment on table work_items is 'Tasks and alerts that wait for a person: one table, so that one list is one query.';
comment on column work_items.pool_id is 'Whose queue it waits in; assignee_id, when given, is the one person of them it is for.';
comment on column work_items.holder_id is 'Who works on it now; nobody else may until they let go or the lease is over.';
comment on column work_items.turn_at is 'When it breaches, or the end of time: the second key of the order of work.';
comment on column work_items.cause_key is 'What it is about, in a word of ours: the same cause adds to the open item instead of making another.';
comment on column work_items.called is 'People who were told of it when nobody acted: they see it and may take it, whatever their pool.';
comment on column work_items.cycle is 'How often it was triggered: each time it climbs its ladder from the bottom.';
create unique index uq_work_items_cause on work_items (cause_key) where closed_at is null;
create index ix_work_items_cause on work_items (cause_key) where cause_key is not null;
create index ix_work_items_waiting on work_items (pool_id, severity_rank, turn_at, created_at, id)
    where holder_id is null and status in ('ready', 'triggered');
create index ix_work_items_pool_open on work_items (pool_id, severity_rank, turn_at, created_at, id) where closed_at is null;
create index ix_work_items_type_open on work_items (type, pool_id, severity_rank, turn_at, created_at, id)
    where closed_at is null;
create index ix_work_items_held on work_items (pool_id, severity_rank, turn_at, created_at, id)
    where holder_id is not null;
create index ix_work_items_aside on work_items (pool_id, severity_rank, turn_at, created_at, id)
    where status in ('on-hold', 'snoozed');
create index ix_work_items_creator on work_items (created_by, severity_rank, turn_at, created_at, id)
    where closed_at is null;
create index ix_work_items_assignee on work_items (assignee_id, severity_rank, turn_at, created_at, id)
    where closed_at is null and assignee_id is not null;
create index ix_work_items_holder on work_items (holder_id, severity_rank, turn_at, created_at, id)
    where holder_id is not null;
create index ix_work_items_called on work_items using gin (called) where closed_at is null and called <> '{}';
create index ix_work_items_patient on work_items (patient_id, created_at desc, id) where patient_id is not null;
create index ix_work_items_lease on work_items (lease_until) where holder_id is not null;
create index ix_work_items_acknowledged on work_items (acknowledged_until) where status = 'acknowledged';
create index ix_work_items_snoozed on work_items (snoozed_until) where snoozed_until is not null;
create index ix_work_items_breach on work_items (due_at) where closed_at is null and due_at is not null;
create index ix_work_items_created on work_items (pool_id, created_at);
create index ix_work_items_closed on work_items (pool_id, closed_at, id) where closed_at is not null;
create trigger work_items_touch before update on work_items for each row execute function touch_updated_at();

create table work_item_moves (
    seq bigint generated always as identity primary key,
    item_id uuid not null references work_items (id),
    change text not null,
    from_status text,
    to_status text not null,
    from_holder uuid,
    to_holder uuid,
    detail jsonb not null default '{}',
    reason text check (length(reason) between 1 and 1000),
    moved_by uuid not null,
    moved_at timestamptz not null
);
comment on table work_item_moves is 'Everything that happened to a task or an alert, in order.';
create index ix_work_item_moves_item on work_item_moves (item_id, seq);
create index ix_work_item_moves_time on work_item_moves (moved_at);
create trigger work_item_moves_are_append_only before update or delete on work_item_moves
    for each row execute function refuse_change();

create table queue_events (
    seq bigint generated always as identity primary key,
    written_in bigint not null default (pg_current_xact_id()::text::bigint),
    item_id uuid not null references work_items (id),
    change text not null,
    kind text not null,
    severity text not null,
    status text not null,
    pool_id uuid not null,
    assignee_id uuid,
    holder_id uuid,
    version integer not null,
    told uuid[] not null default '{}',
    occurred_at timestamptz not null
);
comment on table queue_events is 'What live pages are told, in the order in which transactions became visible: (written_in, seq).';
comment on column queue_events.written_in is 'The number of the transaction: readers stop before the oldest one still running, so that nothing is ever skipped.';
comment on column queue_events.told is 'People who are told although it is not in a queue of theirs.';
create index ix_queue_events_order on queue_events (written_in, seq);
create index ix_queue_events_time on queue_events (occurred_at);
create trigger queue_events_are_written_once before update on queue_events
    for each row execute function refuse_change();
