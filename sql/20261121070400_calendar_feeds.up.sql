create table calendar_feeds (
    id uuid primary key,
    practitioner_id uuid not null references users (id),
    label text not null check (length(label) between 1 and 80),
    token_sha256 bytea not null unique,
    created_by uuid not null,
    created_at timestamptz not null,
    last_read_at timestamptz,
    revoked_at timestamptz
);
comment on table calendar_feeds is 'Private addresses under which a doctor''s calendar program reads their appointments; the token itself is only known to its owner.';
create index ix_calendar_feeds_practitioner on calendar_feeds (practitioner_id, created_at desc);
