create table order_proposals (
    id uuid primary key,
    patient_id uuid not null references patients (id),
    encounter_id uuid not null references encounters (id),
    note_id uuid not null references notes (id),
    sentence_id text not null,
    section text not null,
    quote text not null check (length(quote) between 1 and 500),
    orderable_key text not null references orderables (key),
    certainty text not null check (certainty in ('stated', 'conditional')),
    detail text check (length(detail) between 1 and 200),
    wanted_on date,
    dedupe_key text not null unique,
    lexicon_version text not null,
    status text not null check (status in ('proposed', 'taken', 'dismissed', 'withdrawn')),
    item_id uuid references order_items (id),
    answered_by uuid references users (id),
    answered_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint ck_order_proposals_taken check ((item_id is not null) = (status = 'taken')),
    constraint ck_order_proposals_answered check ((answered_by is not null) = (status in ('taken', 'dismissed')))
);
comment on table order_proposals is 'What a note says is to be ordered, until a doctor takes it into a draft or dismisses it; nothing is ordered by itself.';
create index ix_order_proposals_note on order_proposals (note_id, created_at, id);
create index ix_order_proposals_patient on order_proposals (patient_id, created_at desc, id desc);
create index ix_order_proposals_encounter on order_proposals (encounter_id);
create index ix_order_proposals_orderable on order_proposals (orderable_key);
create index ix_order_proposals_item on order_proposals (item_id) where item_id is not null;
create index ix_order_proposals_answered_by on order_proposals (answered_by) where answered_by is not null;

create table order_proposal_moves (
    seq bigint generated always as identity primary key,
    proposal_id uuid not null references order_proposals (id),
    from_status text,
    to_status text not null,
    moved_by uuid not null,
    moved_at timestamptz not null
);
comment on table order_proposal_moves is 'Every change of state of a proposed order, in order.';
create index ix_order_proposal_moves_proposal on order_proposal_moves (proposal_id, seq);
create trigger order_proposal_moves_are_append_only before update or delete on order_proposal_moves
    for each row execute function refuse_change();
create trigger order_proposal_moves_stay before truncate on order_proposal_moves
    for each statement execute function refuse_change();
