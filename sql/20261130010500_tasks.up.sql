create table task_templates (
    id uuid primary key,
    name text not null unique check (length(name) between 1 and 100),
    status text not null default 'active' check (status in ('active', 'retired')),
    title text not null check (length(title) between 1 and 200),
    body text check (length(body) between 1 and 4000),
    severity text not null check (severity in ('critical', 'high', 'medium', 'low')),
    pool_id uuid not null references pools (id),
    due_amount integer check (due_amount between 1 and 100000),
    due_unit text check (due_unit in ('minutes', 'working-minutes', 'days', 'working-days')),
    checklist text[] not null default '{}',
    version integer not null default 1,
    updated_by uuid not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint ck_task_templates_due check ((due_amount is null) = (due_unit is null))
);
comment on table task_templates is 'Tasks people make again and again; due_* counts from when the task is made.';
create trigger task_templates_touch before update on task_templates
    for each row execute function touch_updated_at();

create table task_details (
    item_id uuid primary key references work_items (id),
    template_id uuid references task_templates (id),
    rrule text check (length(rrule) between 1 and 500),
    series_id uuid,
    occurrence_local timestamp,
    waits_for text check (length(waits_for) between 1 and 200)
);
comment on table task_details is 'What a task is beside its place in the queue.';
comment on column task_details.rrule is 'RFC 5545, in the wall time of the clinic: closing the task makes the next one.';
comment on column task_details.waits_for is 'A cause that has to come true first, such as the result of an order.';
create unique index uq_task_details_occurrence on task_details (series_id, occurrence_local) where series_id is not null;
create index ix_task_details_waits on task_details (waits_for) where waits_for is not null;

create table task_checklist_items (
    item_id uuid not null references work_items (id),
    position integer not null check (position between 1 and 50),
    label text not null check (length(label) between 1 and 200),
    done_by uuid,
    done_at timestamptz,
    primary key (item_id, position),
    constraint ck_task_checklist_items_done check ((done_by is null) = (done_at is null))
);
comment on table task_checklist_items is 'Steps of a task, ticked off by whoever did them.';

create table task_dependencies (
    item_id uuid not null references work_items (id),
    depends_on uuid not null references work_items (id),
    primary key (item_id, depends_on),
    constraint ck_task_dependencies_self check (item_id <> depends_on)
);
comment on table task_dependencies is 'A task waits until the tasks it depends on are closed.';
create index ix_task_dependencies_on on task_dependencies (depends_on);

create table work_item_comments (
    seq bigint generated always as identity primary key,
    item_id uuid not null references work_items (id),
    text text not null check (length(text) between 1 and 2000),
    written_by uuid not null,
    written_at timestamptz not null
);
comment on table work_item_comments is 'What people say to each other about a task or an alert.';
create index ix_work_item_comments_item on work_item_comments (item_id, seq);
create trigger work_item_comments_are_append_only before update or delete on work_item_comments
    for each row execute function refuse_change();

create table work_item_links (
    id uuid primary key,
    item_id uuid not null references work_items (id),
    url text not null check (url ~ '^https?://' and length(url) <= 2000),
    label text not null check (length(label) between 1 and 200),
    added_by uuid not null,
    added_at timestamptz not null
);
comment on table work_item_links is 'Attachments by link.';
create index ix_work_item_links_item on work_item_links (item_id, added_at);
