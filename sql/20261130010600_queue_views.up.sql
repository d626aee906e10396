create table queue_views (
    id uuid primary key,
    user_id uuid not null references users (id),
    name text not null check (length(name) between 1 and 60),
    filter jsonb not null,
    created_at timestamptz not null,
    constraint uq_queue_views_name unique (user_id, name)
);
comment on table queue_views is 'Filters of the queue that somebody gave a name.';
