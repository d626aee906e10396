create table reconciliations (
    id uuid primary key,
    patient_id uuid not null references patients (id),
    encounter_id uuid references encounters (id),
    author_name text not null,
    made_by uuid not null,
    made_at timestamptz not null
);
comment on table reconciliations is 'Somebody went through the whole medication with the patient.';
create index ix_reconciliations_patient on reconciliations (patient_id, made_at desc, id desc);
create index ix_reconciliations_encounter on reconciliations (encounter_id) where encounter_id is not null;
create trigger reconciliations_are_append_only before update or delete on reconciliations
    for each row execute function refuse_change();
create trigger reconciliations_stay before truncate on reconciliations
    for each statement execute function refuse_change();

create table reconciliation_lines (
    reconciliation_id uuid not null references reconciliations (id),
    position integer not null,
    item_id uuid references prescription_items (id),
    text text not null check (length(text) between 1 and 1000),
    decision text not null check (decision in ('as-prescribed', 'differently', 'not-taking', 'unknown')),
    remark text check (length(remark) between 1 and 500),
    primary key (reconciliation_id, position)
);
comment on table reconciliation_lines is 'Each medicine as it stood on the list, and what the patient says of it.';
comment on column reconciliation_lines.item_id is 'Null: an entry of the recorded medications, not prescribed here.';
create index ix_reconciliation_lines_item on reconciliation_lines (item_id) where item_id is not null;
create trigger reconciliation_lines_are_append_only before update or delete on reconciliation_lines
    for each row execute function refuse_change();
create trigger reconciliation_lines_stay before truncate on reconciliation_lines
    for each statement execute function refuse_change();
