create table work_calendars (
    id uuid primary key,
    key text not null unique check (key ~ '^[a-z][a-z0-9-]{0,49}$'),
    name text not null check (length(name) between 1 and 100),
    version integer not null default 1,
    updated_by uuid not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
comment on table work_calendars is 'When minutes count: the hours in which deadlines run and ladders climb, in the wall time of the clinic.';
create trigger work_calendars_touch before update on work_calendars
    for each row execute function touch_updated_at();

create table work_calendar_spans (
    calendar_id uuid not null references work_calendars (id),
    weekday integer not null check (weekday between 1 and 7),
    opens_minute integer not null check (opens_minute between 0 and 1439),
    closes_minute integer not null check (closes_minute between 1 and 1440),
    primary key (calendar_id, weekday, opens_minute),
    constraint ck_work_calendar_spans_order check (closes_minute > opens_minute)
);
comment on table work_calendar_spans is 'Working hours of a week; ISO weekdays, minutes from midnight on the wall.';

create table work_calendar_closures (
    calendar_id uuid not null references work_calendars (id),
    closed_on date not null,
    name text not null check (length(name) between 1 and 100),
    primary key (calendar_id, closed_on)
);
comment on table work_calendar_closures is 'Holidays: whole days on which no minute counts.';

insert into work_calendars (id, key, name, updated_by) values
    ('00000000-0000-4000-8000-00000000ca01', 'always', 'Day and night', '00000000-0000-0000-0000-000000000000'),
    ('00000000-0000-4000-8000-00000000ca02', 'office-hours', 'Office hours', '00000000-0000-0000-0000-000000000000');
insert into work_calendar_spans (calendar_id, weekday, opens_minute, closes_minute)
    select uuid '00000000-0000-4000-8000-00000000ca01', weekday, 0, 1440 from generate_series(1, 7) as weekday
    union all
    select uuid '00000000-0000-4000-8000-00000000ca02', weekday, 480, 1020 from generate_series(1, 5) as weekday;
