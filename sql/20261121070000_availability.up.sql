-- When somebody can be seen: rooms, visit types, weekly hours, exceptions. All in wall time of the clinic.

create type uuidrange as range (subtype = uuid);
comment on type uuidrange is 'Lets an exclusion constraint compare ids for equality without the btree_gist extension.';

create table rooms (
    id uuid primary key,
    name text not null check (length(name) between 1 and 80),
    status text not null default 'active' check (status in ('active', 'retired')),
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
comment on table rooms is 'Places in which a visit can happen; optional on an appointment.';
create unique index uq_rooms_name on rooms (lower(name));
create trigger rooms_touch before update on rooms for each row execute function touch_updated_at();

create table visit_types (
    id uuid primary key,
    name text not null check (length(name) between 1 and 80),
    duration_minutes integer not null check (duration_minutes between 5 and 480),
    color text not null check (color in ('blue', 'teal', 'green', 'olive', 'amber', 'red', 'pink', 'violet', 'slate')),
    parallel integer not null default 1 check (parallel between 1 and 12),
    status text not null default 'active' check (status in ('active', 'retired')),
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
comment on table visit_types is 'What an appointment is for (FHIR Appointment.serviceType).';
comment on column visit_types.parallel is 'So many of these may share one lane of the doctor, and the room: 1 for a visit alone, 8 for a group of eight.';
create unique index uq_visit_types_name on visit_types (lower(name));
create trigger visit_types_touch before update on visit_types for each row execute function touch_updated_at();

create table visit_type_practitioners (
    visit_type_id uuid not null references visit_types (id),
    practitioner_id uuid not null references users (id),
    primary key (visit_type_id, practitioner_id)
);
comment on table visit_type_practitioners is 'Which doctors offer a visit type; no row for a type: everybody does.';
create index ix_visit_type_practitioners_practitioner on visit_type_practitioners (practitioner_id);

create table practitioner_schedules (
    practitioner_id uuid primary key references users (id),
    lanes integer not null default 1 check (lanes between 1 and 6),
    slot_minutes integer not null default 15 check (slot_minutes in (5, 10, 15, 20, 30, 60)),
    version integer not null default 1,
    updated_at timestamptz not null default now()
);
comment on table practitioner_schedules is 'How a doctor books; no row: one lane, slots every 15 minutes.';
comment on column practitioner_schedules.lanes is 'How many patients may be booked in parallel without anybody having to give a reason.';
create trigger practitioner_schedules_touch before update on practitioner_schedules
    for each row execute function touch_updated_at();

create table weekly_hours (
    id uuid primary key,
    practitioner_id uuid not null references users (id),
    valid_from date not null,
    valid_until date,
    created_by uuid not null,
    created_at timestamptz not null,
    constraint ck_weekly_hours_order check (valid_until is null or valid_until >= valid_from),
    constraint weekly_hours_one_at_a_time exclude using gist (
        uuidrange(practitioner_id, practitioner_id, '[]') with &&,
        daterange(valid_from, valid_until, '[]') with &&
    )
);
comment on table weekly_hours is 'A doctor''s week, for as long as it is valid; the latest one replaces what it overlaps.';
create index ix_weekly_hours_practitioner on weekly_hours (practitioner_id, valid_from);

create table weekly_hour_spans (
    weekly_hours_id uuid not null references weekly_hours (id) on delete cascade,
    weekday integer not null check (weekday between 1 and 7),
    opens_minute integer not null check (opens_minute between 0 and 1439),
    closes_minute integer not null check (closes_minute between 1 and 1440),
    room_id uuid references rooms (id),
    primary key (weekly_hours_id, weekday, opens_minute),
    constraint ck_weekly_hour_spans_order check (closes_minute > opens_minute)
);
comment on table weekly_hour_spans is 'Working time of one weekday (ISO: 1 is Monday) in minutes after midnight, wall time; what lies between two spans is a break.';

create table availability_exceptions (
    id uuid primary key,
    practitioner_id uuid references users (id),
    kind text not null check (kind in ('closed', 'leave', 'extra')),
    starts_local timestamp not null,
    ends_local timestamp not null,
    room_id uuid references rooms (id),
    reason text check (length(reason) between 1 and 200),
    status text not null default 'active' check (status in ('active', 'withdrawn')),
    created_by uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null default now(),
    constraint ck_availability_exceptions_order check (ends_local > starts_local),
    constraint ck_availability_exceptions_whose check ((kind = 'closed') = (practitioner_id is null))
);
comment on table availability_exceptions is 'Days unlike the others: closed (the whole clinic), leave and extra sessions (one doctor). Wall time of the clinic.';
create index ix_availability_exceptions_practitioner on availability_exceptions (practitioner_id, ends_local) where status = 'active';
create index ix_availability_exceptions_clinic on availability_exceptions (ends_local) where status = 'active' and practitioner_id is null;
create trigger availability_exceptions_touch before update on availability_exceptions
    for each row execute function touch_updated_at();
