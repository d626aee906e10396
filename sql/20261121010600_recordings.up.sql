create table recordings (
    id uuid primary key,
    encounter_id uuid not null references encounters (id),
    patient_id uuid not null references patients (id),
    continues uuid references recordings (id),
    status text not null check (status in ('receiving', 'completed', 'entered-in-error')),
    origin text not null check (origin in ('microphone', 'upload')),
    media_type text not null,
    contiguous integer not null default 0,
    chunk_count integer not null default 0,
    byte_count bigint not null default 0,
    declared_chunks integer,
    declared_sha256 text,
    sha256 text,
    duration_seconds double precision,
    completed_by text check (completed_by in ('client', 'sweeper')),
    started_by uuid not null references users (id),
    started_at timestamptz not null,
    last_chunk_at timestamptz,
    completed_at timestamptz,
    sealed_at timestamptz,
    updated_at timestamptz not null default now(),
    constraint ck_recordings_completed check ((status = 'receiving') = (completed_at is null) or status = 'entered-in-error')
);
comment on table recordings is 'A dictation: its ordered chunks are the sound, which lives in GridFS.';
comment on column recordings.contiguous is 'How many chunks are there without a hole, from the first.';
comment on column recordings.sha256 is 'Over the whole sound, computed when it is sealed.';
create index ix_recordings_encounter on recordings (encounter_id, started_at desc, id desc);
create index ix_recordings_mine on recordings (started_by, started_at desc, id desc);
create index ix_recordings_receiving on recordings (coalesce(last_chunk_at, started_at)) where status = 'receiving';
create trigger recordings_touch before update on recordings for each row execute function touch_updated_at();

create table recording_chunks (
    recording_id uuid not null references recordings (id),
    seq integer not null check (seq >= 0),
    byte_count integer not null check (byte_count > 0),
    sha256 text not null,
    blob_id uuid not null unique,
    received_at timestamptz not null,
    primary key (recording_id, seq)
);
comment on table recording_chunks is 'Acknowledged pieces of a recording; the row exists only after its bytes are durable.';
create trigger recording_chunks_are_append_only before update on recording_chunks
    for each row execute function refuse_change();

create table recording_gaps (
    id uuid primary key,
    recording_id uuid not null references recordings (id),
    gap_start timestamptz not null,
    gap_end timestamptz,
    reason text not null check (reason in ('network', 'device', 'paused', 'lost_chunks', 'asleep', 'reload')),
    reported_at timestamptz not null,
    constraint ck_recording_gaps_order check (gap_end is null or gap_end >= gap_start)
);
comment on table recording_gaps is 'Stretches of wall-clock time in which nothing was captured, told honestly.';
create index ix_recording_gaps_recording on recording_gaps (recording_id, gap_start);

create table recording_moves (
    seq bigint generated always as identity primary key,
    recording_id uuid not null references recordings (id),
    from_status text,
    to_status text not null,
    reason text,
    moved_by uuid not null,
    moved_at timestamptz not null
);
comment on table recording_moves is 'Every change of state of a recording, in order.';
create index ix_recording_moves_recording on recording_moves (recording_id, seq);
create trigger recording_moves_are_append_only before update or delete on recording_moves
    for each row execute function refuse_change();
