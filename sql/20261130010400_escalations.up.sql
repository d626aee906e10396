create table escalations (
    id uuid primary key,
    item_id uuid not null references work_items (id),
    cycle integer not null,
    position integer not null,
    status text not null check (status in ('planned', 'fired', 'voided')),
    due_at timestamptz not null,
    target text not null check (target in ('holder', 'person', 'on-duty', 'pool', 'everybody')),
    user_id uuid references users (id),
    pool_id uuid references pools (id),
    channel text not null check (channel in ('page', 'email')),
    settled_at timestamptz,
    told integer check (told >= 0),
    constraint uq_escalations_step unique (item_id, cycle, position),
    constraint ck_escalations_settled check ((status = 'planned') = (settled_at is null)),
    constraint ck_escalations_told check ((status = 'fired') = (told is not null))
);
comment on table escalations is 'One row for each step of each climb, copied from the ladder when the climb began: fired once or voided, never both.';
create index ix_escalations_due on escalations (due_at, id) where status = 'planned';

create table notices (
    id uuid primary key,
    escalation_id uuid not null references escalations (id),
    item_id uuid not null references work_items (id),
    user_id uuid not null references users (id),
    in_place_of uuid references users (id),
    channel text not null check (channel in ('page', 'email')),
    told_at timestamptz not null,
    seen_at timestamptz,
    mailed_at timestamptz,
    constraint uq_notices_once unique (escalation_id, user_id)
);
comment on table notices is 'Who was told of an escalation, and whom they stand in for.';
comment on column notices.mailed_at is 'When a mail server took it; without one it is told on the page only.';
create index ix_notices_user on notices (user_id, told_at desc, id);
create index ix_notices_item on notices (item_id, told_at);
