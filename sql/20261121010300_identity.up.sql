create table users (
    id uuid primary key,
    username text not null,
    full_name text not null check (length(full_name) between 1 and 200),
    email text,
    role text not null check (role in ('doctor', 'nurse', 'receptionist', 'admin', 'patient')),
    specialty text,
    status text not null default 'active' check (status in ('active', 'locked')),
    password_hash text not null,
    last_login_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint ck_users_username check (username = lower(username) and length(username) between 2 and 100)
);
comment on table users is 'People who may sign in.';
comment on column users.status is 'locked: by an administrator, until unlocked. Waiting after wrong passwords is in login_delays.';
comment on column users.password_hash is 'argon2id, with its parameters inside.';
create unique index uq_users_username on users (username);
create unique index uq_users_email on users (lower(email)) where email is not null;
create index ix_users_role on users (role, full_name);
create trigger users_touch before update on users for each row execute function touch_updated_at();

create table sessions (
    id uuid primary key,
    user_id uuid not null references users (id),
    token_sha256 bytea not null unique,
    kind text not null check (kind in ('browser', 'api')),
    csrf_token text not null,
    created_at timestamptz not null,
    authenticated_at timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    address text,
    user_agent text
);
comment on table sessions is 'Signed-in sessions; the token itself is only known to its owner.';
comment on column sessions.expires_at is 'The absolute limit; the idle limit counts from last_seen_at.';
create index ix_sessions_user on sessions (user_id, created_at desc);

create table login_delays (
    username_sha256 bytea primary key,
    failures integer not null default 0,
    delayed_until timestamptz,
    last_failure_at timestamptz not null
);
comment on table login_delays is 'Growing delay after wrong passwords, kept for every name tried so that it does not tell which exist.';
