create table crisis_services (
    id uuid primary key,
    position integer not null,
    name text not null check (length(name) between 1 and 200),
    phone text not null check (length(phone) between 1 and 60),
    hint text not null check (length(hint) between 1 and 200),
    jurisdiction text not null,
    source text not null,
    effective_from date not null,
    effective_to date,
    constraint ck_crisis_services_span check (effective_to is null or effective_to >= effective_from)
);
comment on table crisis_services is 'Services anybody may turn to in a crisis, offered in step 5 of a safety plan; a plan keeps its own copy.';
insert into crisis_services (id, position, name, phone, hint, jurisdiction, source, effective_from) values
    ('00000000-0000-4000-8000-00000000c501', 1, 'Suicide and Crisis Lifeline', '988', 'call or text, day and night', 'US', 'National Suicide Hotline Designation Act of 2020; 988lifeline.org', '2022-07-16'),
    ('00000000-0000-4000-8000-00000000c502', 2, 'Crisis Text Line', '741741', 'text HOME, day and night', 'US', 'crisistextline.org', '2013-08-01'),
    ('00000000-0000-4000-8000-00000000c503', 3, 'Emergency services', '911', 'or the nearest emergency department', 'US', 'Wireless Communications and Public Safety Act of 1999', '1999-10-26');

create table safety_plans (
    id uuid primary key,
    patient_id uuid not null unique references patients (id),
    versions_published integer not null default 0 check (versions_published >= 0),
    begun_by uuid not null references users (id),
    begun_at timestamptz not null
);
comment on table safety_plans is 'Headers of safety plans, one for each record of a patient; the text lives in Mongo: one working copy, and published versions.';

create table safety_plan_versions (
    plan_id uuid not null references safety_plans (id),
    number integer not null check (number > 0),
    document_id uuid not null unique,
    content_sha256 text not null,
    status text not null check (status in ('current', 'superseded', 'withdrawn')),
    review_on date not null,
    published_by uuid not null references users (id),
    author_name text not null,
    published_at timestamptz not null,
    primary key (plan_id, number)
);
comment on table safety_plan_versions is 'What was published; only the status ever changes.';
create unique index ux_safety_plan_versions_current on safety_plan_versions (plan_id) where status = 'current';
create index ix_safety_plan_versions_review on safety_plan_versions (review_on) where status = 'current';

create table safety_plan_moves (
    seq bigint generated always as identity primary key,
    plan_id uuid not null,
    number integer not null,
    from_status text,
    to_status text not null,
    reason text,
    moved_by uuid not null,
    moved_at timestamptz not null,
    foreign key (plan_id, number) references safety_plan_versions (plan_id, number)
);
comment on table safety_plan_moves is 'Every change of state of a published safety plan, in order.';
create index ix_safety_plan_moves_version on safety_plan_moves (plan_id, number, seq);
create trigger safety_plan_moves_are_append_only before update or delete on safety_plan_moves
    for each row execute function refuse_change();
create trigger safety_plan_moves_stay before truncate on safety_plan_moves
    for each statement execute function refuse_change();

create function guard_safety_plan_version() returns trigger language plpgsql as $$
begin
    if (to_jsonb(new) - 'status') <> (to_jsonb(old) - 'status') or old.status <> 'current' then
        raise exception 'a published safety plan cannot change' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger safety_plan_versions_guard before update on safety_plan_versions
    for each row execute function guard_safety_plan_version();
create trigger safety_plan_versions_stay before delete on safety_plan_versions
    for each row execute function refuse_change();
create trigger safety_plan_versions_stay_all before truncate on safety_plan_versions
    for each statement execute function refuse_change();

insert into work_types (code, kind, title, severity, pool_id, calendar_id, ladder_id, due_amount, due_unit, acknowledged_minutes, updated_by) values
    ('safety-plan.review', 'task', 'Safety plan to go through again', 'medium', '00000000-0000-4000-8000-0000000000a2', '00000000-0000-4000-8000-00000000ca02', '00000000-0000-4000-8000-00000000ad02', 30, 'days', null, '00000000-0000-0000-0000-000000000000');
