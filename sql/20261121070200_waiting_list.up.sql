create table waiting_list_entries (
    id uuid primary key,
    status text not null check (status in ('waiting', 'offered', 'booked', 'withdrawn')),
    patient_id uuid not null references patients (id),
    visit_type_id uuid not null references visit_types (id),
    practitioner_id uuid references users (id),
    specialty text check (length(specialty) between 1 and 100),
    whom text not null generated always as (case
        when practitioner_id is not null then 'practitioner:' || practitioner_id::text
        when specialty is not null then 'specialty:' || lower(specialty)
        else 'anyone' end) stored,
    urgency text not null check (urgency in ('urgent', 'soon', 'routine')),
    urgency_rank integer not null generated always as (case urgency when 'urgent' then 0 when 'soon' then 1 else 2 end) stored,
    weekdays integer[] not null default '{}',
    from_minute integer check (from_minute between 0 and 1439),
    until_minute integer check (until_minute between 1 and 1440),
    not_before date,
    not_after date,
    note text check (length(note) between 1 and 500),
    version integer not null default 1,
    created_by uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null default now(),
    constraint ck_waiting_list_entries_hours check (from_minute is null or until_minute is null or until_minute > from_minute),
    constraint ck_waiting_list_entries_days check (not_before is null or not_after is null or not_after >= not_before),
    constraint ck_waiting_list_entries_whom check (practitioner_id is null or specialty is null)
);
comment on table waiting_list_entries is 'Patients who would come sooner, and what would suit them; a blank preference means any.';
comment on column waiting_list_entries.whom is 'Whose time suits, as one value, so that those who wait for it are read in their order from one index.';
comment on column waiting_list_entries.weekdays is 'ISO weekdays that suit, 1 is Monday; empty: any.';
create index ix_waiting_list_entries_whom on waiting_list_entries (whom, urgency_rank, created_at, id)
    where status in ('waiting', 'offered');
create index ix_waiting_list_entries_open on waiting_list_entries (urgency_rank, created_at, id)
    where status in ('waiting', 'offered');
create index ix_waiting_list_entries_page on waiting_list_entries (status, urgency_rank, created_at, id);
create index ix_waiting_list_entries_patient on waiting_list_entries (patient_id, created_at desc);
create trigger waiting_list_entries_touch before update on waiting_list_entries
    for each row execute function touch_updated_at();

create table waiting_list_offers (
    id uuid primary key,
    entry_id uuid not null references waiting_list_entries (id),
    appointment_id uuid not null unique references appointments (id),
    status text not null check (status in ('open', 'accepted', 'declined', 'expired')),
    offered_by uuid not null,
    offered_at timestamptz not null,
    expires_at timestamptz not null,
    answered_at timestamptz
);
comment on table waiting_list_offers is 'A freed time held for somebody who waits; the hold is a row in appointments.';
create unique index uq_waiting_list_offers_open on waiting_list_offers (entry_id) where status = 'open';
create index ix_waiting_list_offers_entry on waiting_list_offers (entry_id, offered_at desc);
create index ix_waiting_list_offers_expiry on waiting_list_offers (expires_at) where status = 'open';

create table waiting_list_moves (
    seq bigint generated always as identity primary key,
    entry_id uuid not null references waiting_list_entries (id),
    from_status text,
    to_status text not null,
    reason text,
    moved_by uuid not null,
    moved_at timestamptz not null
);
comment on table waiting_list_moves is 'Every change of state of a waiting-list entry, in order.';
create index ix_waiting_list_moves_entry on waiting_list_moves (entry_id, seq);
create trigger waiting_list_moves_are_append_only before update or delete on waiting_list_moves
    for each row execute function refuse_change();

create table waiting_list_repointings (
    merge_id uuid not null,
    entry_id uuid not null references waiting_list_entries (id),
    from_patient_id uuid not null references patients (id),
    primary key (merge_id, entry_id)
);
comment on table waiting_list_repointings is 'Which entries followed a merge of two patient records, so that undoing the merge takes exactly these back.';
