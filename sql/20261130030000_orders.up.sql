create table orderables (
    key text primary key check (length(key) between 1 and 60),
    kind text not null check (kind in ('lab', 'imaging', 'procedure', 'referral')),
    name text not null check (length(name) between 1 and 200),
    synonyms text[] not null default '{}',
    loinc text,
    specimen text,
    fasting_hours integer check (fasting_hours between 1 and 24),
    repeat_days integer check (repeat_days >= 1),
    source text not null,
    effective_from date not null,
    effective_to date,
    constraint ck_orderables_span check (effective_to is null or effective_to >= effective_from)
);
comment on table orderables is 'What may be ordered here, with hints for whoever prepares the patient.';
comment on column orderables.repeat_days is 'Ordered again within so many days it is probably a duplicate.';

create table orders (
    id uuid primary key,
    patient_id uuid not null references patients (id),
    encounter_id uuid references encounters (id),
    orderer_id uuid not null references users (id),
    priority text not null check (priority in ('routine', 'urgent', 'asap', 'stat')),
    version integer not null default 1,
    created_by uuid not null references users (id),
    created_at timestamptz not null,
    placed_at timestamptz,
    updated_at timestamptz not null default now()
);
comment on table orders is 'What one person ordered for one patient at one time.';
comment on column orders.placed_at is 'When it left the draft; null until then.';
create index ix_orders_patient on orders (patient_id, created_at desc, id desc);
create index ix_orders_encounter on orders (encounter_id) where encounter_id is not null;
create index ix_orders_orderer on orders (orderer_id, created_at desc, id desc);
create trigger orders_touch before update on orders for each row execute function touch_updated_at();

create table order_items (
    id uuid primary key,
    order_id uuid not null references orders (id),
    patient_id uuid not null references patients (id),
    position integer not null check (position >= 1),
    orderable_key text references orderables (key),
    kind text not null check (kind in ('lab', 'imaging', 'procedure', 'referral')),
    name text not null check (length(name) between 1 and 200),
    reason text check (length(reason) between 1 and 500),
    instructions text check (length(instructions) between 1 and 1000),
    status text not null check (status in ('draft', 'active', 'on-hold', 'revoked', 'completed', 'entered-in-error')),
    status_at timestamptz not null,
    unique (order_id, position)
);
comment on table order_items is 'One thing ordered; it lives and ends by itself.';
create index ix_order_items_open on order_items (patient_id, orderable_key, status_at) where status in ('active', 'on-hold', 'completed');

create table order_item_moves (
    seq bigint generated always as identity primary key,
    item_id uuid not null references order_items (id),
    from_status text,
    to_status text not null,
    reason text,
    moved_by uuid not null,
    moved_at timestamptz not null
);
comment on table order_item_moves is 'Every change of state of a thing ordered, in order.';
create index ix_order_item_moves_item on order_item_moves (item_id, seq);
create trigger order_item_moves_are_append_only before update or delete on order_item_moves
    for each row execute function refuse_change();
create trigger order_item_moves_stay before truncate on order_item_moves
    for each statement execute function refuse_change();
