create table patient_restrictions (
    id uuid primary key,
    patient_id uuid not null references patients (id),
    reason text not null check (length(reason) between 1 and 1000),
    restricted_by uuid not null references users (id),
    restricted_at timestamptz not null,
    lifted_by uuid references users (id),
    lifted_at timestamptz,
    lift_reason text,
    constraint ck_patient_restrictions_lifted check (
        (lifted_at is null) = (lifted_by is null) and (lifted_at is null) = (lift_reason is null))
);
comment on table patient_restrictions is 'Who is seen by few: while lifted_at is null only by the people named, the privacy pool, and whoever broke the glass.';
create unique index ux_patient_restrictions_open on patient_restrictions (patient_id) where lifted_at is null;
create index ix_patient_restrictions_latest on patient_restrictions (restricted_at desc, id desc);

create function guard_restriction() returns trigger language plpgsql as $$
begin
    if old.lifted_at is not null
        or (to_jsonb(new) - array['lifted_by', 'lifted_at', 'lift_reason'])
            <> (to_jsonb(old) - array['lifted_by', 'lifted_at', 'lift_reason']) then
        raise exception 'a restriction is lifted once and never changes' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger patient_restrictions_guard before update on patient_restrictions
    for each row execute function guard_restriction();
create trigger patient_restrictions_stay before delete on patient_restrictions
    for each row execute function refuse_change();
create trigger patient_restrictions_stay_all before truncate on patient_restrictions
    for each statement execute function refuse_change();

create table restriction_exceptions (
    restriction_id uuid not null references patient_restrictions (id),
    user_id uuid not null references users (id),
    named_by uuid not null references users (id),
    named_at timestamptz not null,
    primary key (restriction_id, user_id)
);
comment on table restriction_exceptions is 'Who sees a restricted patient all the same; who was named when stands in the audit trail.';

create table break_glass_grants (
    id uuid primary key,
    patient_id uuid not null references patients (id),
    user_id uuid not null references users (id),
    reason text not null check (length(reason) between 15 and 1000),
    granted_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    ended_by uuid,
    constraint ck_break_glass_grants_span check (expires_at > granted_at and (ended_at is null or ended_at <= expires_at)),
    constraint ck_break_glass_grants_ended check ((ended_at is null) = (ended_by is null))
);
comment on table break_glass_grants is 'Who broke the glass, why, and until when they see the patient; nothing of it changes but its end.';
comment on column break_glass_grants.ended_at is 'Null: not ended yet, or expired and not yet written down; expires_at alone decides what is seen.';
create unique index ux_break_glass_grants_open on break_glass_grants (user_id, patient_id) where ended_at is null;
create index ix_break_glass_grants_due on break_glass_grants (expires_at) where ended_at is null;
create index ix_break_glass_grants_latest on break_glass_grants (granted_at desc, id desc);

create function guard_grant() returns trigger language plpgsql as $$
begin
    if old.ended_at is not null
        or (to_jsonb(new) - array['ended_at', 'ended_by']) <> (to_jsonb(old) - array['ended_at', 'ended_by']) then
        raise exception 'a broken glass never changes but ends once' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger break_glass_grants_guard before update on break_glass_grants
    for each row execute function guard_grant();
create trigger break_glass_grants_stay before delete on break_glass_grants
    for each row execute function refuse_change();
create trigger break_glass_grants_stay_all before truncate on break_glass_grants
    for each statement execute function refuse_change();

create table break_glass_reviews (
    grant_id uuid primary key references break_glass_grants (id),
    verdict text not null check (verdict in ('appropriate', 'not-appropriate')),
    remark text check (length(remark) between 1 and 2000),
    reviewed_by uuid not null references users (id),
    reviewed_at timestamptz not null,
    constraint ck_break_glass_reviews_remark check (verdict = 'appropriate' or remark is not null)
);
comment on table break_glass_reviews is 'What privacy thought of it, once for each grant.';
create trigger break_glass_reviews_are_append_only before update or delete on break_glass_reviews
    for each row execute function refuse_change();
create trigger break_glass_reviews_stay before truncate on break_glass_reviews
    for each statement execute function refuse_change();

insert into work_types (code, kind, title, severity, pool_id, calendar_id, ladder_id, due_amount, due_unit, acknowledged_minutes, updated_by) values
    ('access.break-glass', 'alert', 'Somebody broke the glass', 'high', '00000000-0000-4000-8000-0000000000a6', '00000000-0000-4000-8000-00000000ca02', '00000000-0000-4000-8000-00000000ad02', 240, 'working-minutes', 480, '00000000-0000-0000-0000-000000000000'),
    ('access.review', 'task', 'Broken glass to review', 'medium', '00000000-0000-4000-8000-0000000000a6', '00000000-0000-4000-8000-00000000ca02', '00000000-0000-4000-8000-00000000ad02', 2, 'working-days', null, '00000000-0000-0000-0000-000000000000');
