create table prescriptions (
    id uuid primary key,
    patient_id uuid not null references patients (id),
    encounter_id uuid references encounters (id),
    note_id uuid references notes (id),
    prescriber_id uuid not null references users (id),
    version integer not null default 1 check (version >= 1),
    signer_name text,
    content_sha256 text,
    created_at timestamptz not null,
    issued_at timestamptz,
    updated_at timestamptz not null default now(),
    constraint ck_prescriptions_signed check ((issued_at is null) = (signer_name is null) and (issued_at is null) = (content_sha256 is null))
);
comment on table prescriptions is 'What one doctor prescribed for one patient at one time; a draft until it is issued.';
comment on column prescriptions.content_sha256 is 'Over what was signed: JSON with sorted keys, no spaces, UTF-8.';
create index ix_prescriptions_patient on prescriptions (patient_id, created_at desc, id desc);
create index ix_prescriptions_encounter on prescriptions (encounter_id) where encounter_id is not null;
create index ix_prescriptions_note on prescriptions (note_id) where note_id is not null;
create index ix_prescriptions_prescriber on prescriptions (prescriber_id, created_at desc, id desc);
create index ix_prescriptions_drafts on prescriptions (prescriber_id, patient_id) where issued_at is null;
create trigger prescriptions_touch before update on prescriptions for each row execute function touch_updated_at();

create table prescription_items (
    id uuid primary key,
    prescription_id uuid not null references prescriptions (id),
    patient_id uuid not null references patients (id),
    position integer not null check (position >= 1),
    drug_key text check (length(drug_key) between 1 and 120),
    name text not null check (length(name) between 1 and 200),
    strength text check (length(strength) between 1 and 100),
    form text check (length(form) between 1 and 100),
    sig jsonb not null,
    sig_text text not null,
    quantity numeric(9, 3) check (quantity > 0),
    quantity_unit text check (length(quantity_unit) between 1 and 40),
    refills integer not null default 0 check (refills between 0 and 24),
    reason text check (length(reason) between 1 and 500),
    continues text check (length(continues) between 1 and 200),
    renews_id uuid references prescription_items (id),
    version integer not null default 1 check (version >= 1),
    status text not null check (status in ('draft', 'active', 'on-hold', 'stopped', 'completed', 'cancelled', 'entered-in-error')),
    status_at timestamptz not null,
    unique (prescription_id, position)
);
comment on table prescription_items is 'One medicine prescribed (FHIR MedicationRequest); it lives and ends by itself.';
comment on column prescription_items.sig is 'How it is taken, as a structure; sig_text is the sentence made from it.';
comment on column prescription_items.continues is 'The entry of the recorded medications that this takes over.';
comment on column prescription_items.renews_id is 'The earlier medicine whose place this takes when it is issued.';
create index ix_prescription_items_taken on prescription_items (patient_id, status_at desc) where status in ('active', 'on-hold');
create index ix_prescription_items_ended on prescription_items (patient_id, status_at desc, id) where status in ('stopped', 'completed', 'cancelled');
create index ix_prescription_items_renews on prescription_items (renews_id) where renews_id is not null;

create table prescription_item_moves (
    seq bigint generated always as identity primary key,
    item_id uuid not null references prescription_items (id),
    from_status text,
    to_status text not null,
    reason text,
    moved_by uuid not null,
    moved_at timestamptz not null
);
comment on table prescription_item_moves is 'Every change of state of a prescribed medicine, in order.';
create index ix_prescription_item_moves_item on prescription_item_moves (item_id, seq);
create trigger prescription_item_moves_are_append_only before update or delete on prescription_item_moves
    for each row execute function refuse_change();
create trigger prescription_item_moves_stay before truncate on prescription_item_moves
    for each statement execute function refuse_change();

create table prescription_checks (
    seq bigint generated always as identity primary key,
    item_id uuid not null references prescription_items (id),
    item_version integer not null,
    release text,
    facts_sha256 text not null,
    checked_by uuid not null,
    checked_at timestamptz not null
);
comment on table prescription_checks is 'One look at one version of a prescribed medicine, with the release of the formulary; null: there was none.';
comment on column prescription_checks.facts_sha256 is 'Over what was known of the patient: when that has changed, the check is stale.';
create index ix_prescription_checks_item on prescription_checks (item_id, seq desc);
create trigger prescription_checks_are_append_only before update or delete on prescription_checks
    for each row execute function refuse_change();
create trigger prescription_checks_stay before truncate on prescription_checks
    for each statement execute function refuse_change();

create table prescription_findings (
    check_seq bigint not null references prescription_checks (seq),
    position integer not null,
    finding_id uuid not null,
    kind text not null check (kind in ('allergy', 'interaction', 'duplicate-therapy', 'dose', 'pregnancy', 'renal')),
    outcome text not null check (outcome in ('pass', 'warning', 'not-checked')),
    severity text check (severity in ('contraindicated', 'major', 'moderate')),
    because text not null,
    about text,
    rule text,
    source text,
    as_of date,
    primary key (check_seq, position)
);
comment on table prescription_findings is 'What a check came to; not-checked is never fine. The same finding has the same finding_id at every check.';
create trigger prescription_findings_are_append_only before update or delete on prescription_findings
    for each row execute function refuse_change();
create trigger prescription_findings_stay before truncate on prescription_findings
    for each statement execute function refuse_change();

create table prescription_answers (
    seq bigint generated always as identity primary key,
    item_id uuid not null references prescription_items (id),
    finding_id uuid not null,
    reason text check (length(reason) between 5 and 500),
    answered_by uuid not null,
    answered_at timestamptz not null
);
comment on table prescription_answers is 'Why a warning was overridden; without a reason: that something was not checked is known.';
create index ix_prescription_answers_item on prescription_answers (item_id, seq);
create trigger prescription_answers_are_append_only before update or delete on prescription_answers
    for each row execute function refuse_change();
create trigger prescription_answers_stay before truncate on prescription_answers
    for each statement execute function refuse_change();

create table prescription_favourites (
    id uuid primary key,
    owner_id uuid not null references users (id),
    content jsonb not null,
    content_sha256 text not null,
    created_at timestamptz not null,
    unique (owner_id, content_sha256)
);
comment on table prescription_favourites is 'Medicines a doctor keeps with how they are taken; of no patient.';
