alter table order_items
    add column specimen text,
    add column fasting_hours integer check (fasting_hours between 1 and 24),
    add column wanted_on date,
    add column duplicate_of uuid references order_items (id),
    add column duplicate_reason text check (length(duplicate_reason) between 1 and 500),
    add column activated_at timestamptz,
    add column collected_by uuid references users (id),
    add column collected_at timestamptz,
    add constraint ck_order_items_duplicate check (duplicate_of is null or duplicate_reason is not null),
    add constraint ck_order_items_collected check ((collected_by is null) = (collected_at is null));
comment on column order_items.specimen is 'What the catalogue said when it was ordered; so is fasting_hours.';
comment on column order_items.wanted_on is 'The day it is to be done; null: as soon as its priority says.';
comment on column order_items.duplicate_of is 'What had been ordered before and was known when this was placed, with the reason to go on.';
comment on column order_items.activated_at is 'When it was placed; null for what never left its draft.';
create index ix_order_items_duplicate_of on order_items (duplicate_of) where duplicate_of is not null;
create index ix_order_items_collected_by on order_items (collected_by) where collected_by is not null;
create index ix_order_items_patient on order_items (patient_id, activated_at);
create index ix_orders_created_by on orders (created_by);

insert into work_types (code, kind, title, severity, pool_id, calendar_id, ladder_id, due_amount, due_unit, acknowledged_minutes, updated_by) values
    ('order.collect', 'task', 'Specimen to take', 'medium', '00000000-0000-4000-8000-0000000000a1', '00000000-0000-4000-8000-00000000ca02', '00000000-0000-4000-8000-00000000ad02', 1, 'working-days', null, '00000000-0000-0000-0000-000000000000');
