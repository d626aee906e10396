create table prescription_proposals (
    id uuid primary key,
    note_id uuid not null references notes (id),
    patient_id uuid not null references patients (id),
    encounter_id uuid not null references encounters (id),
    sentence_id text not null,
    position integer not null,
    quote text not null check (length(quote) between 1 and 1000),
    action text not null check (action in ('start', 'continue', 'increase', 'decrease', 'stop', 'hold')),
    drug_key text,
    said jsonb not null,
    status text not null check (status in ('proposed', 'taken', 'dismissed', 'withdrawn')),
    item_id uuid references prescription_items (id),
    reason text,
    answered_by uuid,
    answered_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null default now()
);
comment on table prescription_proposals is 'Medicines heard in the plan of a note; each waits for one tap of a doctor and posts nothing by itself.';
comment on column prescription_proposals.id is 'Made from what was said in which note: the same words are the same proposal.';
create index ix_prescription_proposals_note on prescription_proposals (note_id, position);
create index ix_prescription_proposals_patient on prescription_proposals (patient_id) where status = 'proposed';
create index ix_prescription_proposals_encounter on prescription_proposals (encounter_id);
create index ix_prescription_proposals_item on prescription_proposals (item_id) where item_id is not null;
create trigger prescription_proposals_touch before update on prescription_proposals for each row execute function touch_updated_at();

create table prescription_proposal_moves (
    seq bigint generated always as identity primary key,
    proposal_id uuid not null references prescription_proposals (id),
    from_status text,
    to_status text not null,
    reason text,
    moved_by uuid not null,
    moved_at timestamptz not null
);
comment on table prescription_proposal_moves is 'Every change of state of a proposal, in order.';
create index ix_prescription_proposal_moves_proposal on prescription_proposal_moves (proposal_id, seq);
create trigger prescription_proposal_moves_are_append_only before update or delete on prescription_proposal_moves
    for each row execute function refuse_change();
create trigger prescription_proposal_moves_stay before truncate on prescription_proposal_moves
    for each statement execute function refuse_change();
