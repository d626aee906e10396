create table pools (
    id uuid primary key,
    key text not null unique check (key ~ '^[a-z][a-z0-9-]{0,49}$'),
    name text not null check (length(name) between 1 and 100),
    role text check (role in ('doctor', 'nurse', 'receptionist', 'admin')),
    status text not null default 'active' check (status in ('active', 'retired')),
    version integer not null default 1,
    updated_by uuid not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
comment on table pools is 'Groups of people who share a queue.';
comment on column pools.role is 'Everybody with this role belongs to it, beside those named in pool_members.';
create trigger pools_touch before update on pools for each row execute function touch_updated_at();

create table pool_members (
    pool_id uuid not null references pools (id),
    user_id uuid not null references users (id),
    added_by uuid not null,
    added_at timestamptz not null,
    primary key (pool_id, user_id)
);
comment on table pool_members is 'Who may work the queue of a pool, on duty or not.';
create index ix_pool_members_user on pool_members (user_id, pool_id);

create table duty_shifts (
    id uuid primary key,
    pool_id uuid not null references pools (id),
    user_id uuid not null references users (id),
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    created_by uuid not null,
    created_at timestamptz not null,
    cancelled_by uuid,
    cancelled_at timestamptz,
    constraint ck_duty_shifts_order check (ends_at > starts_at and ends_at <= starts_at + interval '7 days'),
    constraint ck_duty_shifts_cancelled check ((cancelled_by is null) = (cancelled_at is null)),
    constraint ex_duty_shifts_person exclude using gist (
        uuidrange(pool_id, pool_id, '[]') with &&,
        uuidrange(user_id, user_id, '[]') with &&,
        tstzrange(starts_at, ends_at) with &&
    ) where (cancelled_at is null)
);
comment on table duty_shifts is 'The duty roster: who is there for a pool, from when to when.';
create index ix_duty_shifts_pool on duty_shifts (pool_id, starts_at) where cancelled_at is null;
create index ix_duty_shifts_user on duty_shifts (user_id, starts_at) where cancelled_at is null;

create table absences (
    id uuid primary key,
    user_id uuid not null references users (id),
    substitute_id uuid references users (id),
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    created_by uuid not null,
    created_at timestamptz not null,
    cancelled_by uuid,
    cancelled_at timestamptz,
    constraint ck_absences_order check (ends_at > starts_at),
    constraint ck_absences_substitute check (substitute_id is null or substitute_id <> user_id),
    constraint ck_absences_cancelled check ((cancelled_by is null) = (cancelled_at is null)),
    constraint ex_absences_person exclude using gist (
        uuidrange(user_id, user_id, '[]') with &&, tstzrange(starts_at, ends_at) with &&
    ) where (cancelled_at is null)
);
comment on table absences is 'Who is out of office, and who stands in for them.';
create index ix_absences_user on absences (user_id, starts_at) where cancelled_at is null;
create index ix_absences_end on absences (ends_at) where cancelled_at is null;

insert into pools (id, key, name, role, updated_by) values
    ('00000000-0000-4000-8000-0000000000a1', 'nurses', 'Nurses', 'nurse', '00000000-0000-0000-0000-000000000000'),
    ('00000000-0000-4000-8000-0000000000a2', 'doctors', 'Doctors', 'doctor', '00000000-0000-0000-0000-000000000000'),
    ('00000000-0000-4000-8000-0000000000a3', 'reception', 'Reception', 'receptionist', '00000000-0000-0000-0000-000000000000'),
    ('00000000-0000-4000-8000-0000000000a4', 'supervisors', 'Supervisors', 'admin', '00000000-0000-0000-0000-000000000000');
