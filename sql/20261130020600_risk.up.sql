create table risk_states (
    patient_id uuid primary key references patients (id),
    level text not null check (level in ('undetermined', 'negative', 'low', 'moderate', 'high')),
    floor text not null check (floor in ('undetermined', 'negative', 'low', 'moderate', 'high')),
    decided_by uuid not null,
    decided_at timestamptz not null,
    next_review_at timestamptz,
    version integer not null default 1
);
comment on table risk_states is 'The risk level of a patient as it counts now. Without a row nobody has assessed it, which is not "no risk".';
comment on column risk_states.floor is 'What the newest findings say by rule; a clinician may be above it freely, and below it only with a reason.';
create index ix_risk_states_review on risk_states (next_review_at, patient_id) where next_review_at is not null;

create table risk_moves (
    seq bigint generated always as identity primary key,
    patient_id uuid not null references patients (id),
    from_level text,
    to_level text not null check (to_level in ('undetermined', 'negative', 'low', 'moderate', 'high')),
    floor text not null check (floor in ('undetermined', 'negative', 'low', 'moderate', 'high')),
    change text not null check (change in ('computed', 'raised', 'kept', 'lowered')),
    reasons jsonb not null default '[]',
    reason text check (length(reason) between 1 and 1000),
    source_type text,
    source_id uuid,
    next_review_at timestamptz,
    moved_by uuid not null,
    moved_at timestamptz not null,
    constraint ck_risk_moves_source check ((source_type is null) = (source_id is null)),
    constraint ck_risk_moves_lowered check (change <> 'lowered' or reason is not null)
);
comment on table risk_moves is 'Every finding and every decision about a risk level, in order.';
comment on column risk_moves.reasons is 'Why a rule says so: sentences with the keys and versions of the rules.';
create index ix_risk_moves_patient on risk_moves (patient_id, seq);
create unique index uq_risk_moves_source on risk_moves (source_type, source_id) where source_id is not null;
create trigger risk_moves_are_append_only before update or delete on risk_moves
    for each row execute function refuse_change();
