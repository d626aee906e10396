create table encounters (
    id uuid primary key,
    patient_id uuid not null references patients (id),
    practitioner_id uuid not null references users (id),
    kind text not null check (kind in ('walk-in')),
    reason text,
    status text not null check (status in ('in-progress', 'completed', 'cancelled', 'entered-in-error')),
    started_at timestamptz not null,
    ended_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
comment on table encounters is 'A visit of a patient to a practitioner (FHIR R5 encounter-status).';
create index ix_encounters_patient on encounters (patient_id, started_at desc, id desc);
create index ix_encounters_practitioner on encounters (practitioner_id, started_at desc, id desc);
create index ix_encounters_started on encounters (started_at desc, id desc);
create trigger encounters_touch before update on encounters for each row execute function touch_updated_at();

create table encounter_moves (
    seq bigint generated always as identity primary key,
    encounter_id uuid not null references encounters (id),
    from_status text,
    to_status text not null,
    reason text,
    moved_by uuid not null,
    moved_at timestamptz not null
);
comment on table encounter_moves is 'Every change of state of an encounter, in order.';
create index ix_encounter_moves_encounter on encounter_moves (encounter_id, seq);
create trigger encounter_moves_are_append_only before update or delete on encounter_moves
    for each row execute function refuse_change();

create table recording_consents (
    id uuid primary key,
    seq bigint generated always as identity,
    encounter_id uuid not null references encounters (id),
    patient_id uuid not null references patients (id),
    decision text not null check (decision in ('permit', 'deny')),
    method text not null check (method in ('verbal', 'written')),
    recorded_by uuid not null references users (id),
    recorded_at timestamptz not null
);
comment on table recording_consents is 'What the patient said to being recorded in this encounter; the latest row counts (FHIR Consent).';
create index ix_recording_consents_encounter on recording_consents (encounter_id, seq desc);
create trigger recording_consents_are_append_only before update or delete on recording_consents
    for each row execute function refuse_change();
