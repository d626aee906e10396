create table audit_events (
    seq bigint generated always as identity primary key,
    occurred_at timestamptz not null,
    actor_id uuid not null,
    actor_role text not null,
    action text not null,
    outcome text not null check (outcome in ('success', 'refused', 'failed')),
    patient_id uuid,
    subject_type text,
    subject_id uuid,
    address text,
    request_id uuid,
    detail jsonb not null default '{}'
);
comment on table audit_events is 'Who did or saw what, about which patient, when, from where, and whether it was allowed. Append-only.';
comment on column audit_events.detail is 'Ids, enums and counts; never names or text about a patient.';
create index ix_audit_events_patient on audit_events (patient_id, seq desc) where patient_id is not null;
create index ix_audit_events_actor on audit_events (actor_id, seq desc);
create index ix_audit_events_subject on audit_events (subject_id, seq desc) where subject_id is not null;
create trigger audit_events_are_append_only before update or delete on audit_events
    for each row execute function refuse_change();
create trigger audit_events_stay before truncate on audit_events
    for each statement execute function refuse_change();
