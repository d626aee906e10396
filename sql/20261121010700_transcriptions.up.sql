create table transcriptions (
    recording_id uuid primary key references recordings (id),
    encounter_id uuid not null references encounters (id),
    patient_id uuid not null references patients (id),
    status text not null check (status in ('queued', 'running', 'done', 'no_speech', 'failed', 'held')),
    reason text,
    attempts integer not null default 0,
    fence integer not null default 0,
    lease_until timestamptz,
    next_attempt_at timestamptz,
    heartbeat_at timestamptz,
    position_samples bigint not null default 0,
    total_samples bigint,
    utterance_count integer not null default 0,
    word_count integer not null default 0,
    unheard jsonb not null default '[]',
    model_name text,
    model_version text,
    model_demo boolean,
    low_confidence double precision,
    transcript_id uuid,
    transcript_sha256 text,
    finished_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null default now(),
    constraint ck_transcriptions_done check (status <> 'done' or transcript_id is not null)
);
comment on table transcriptions is 'How far the transcription of a recording has come; the words themselves live in Mongo.';
comment on column transcriptions.fence is 'Raised at every claim: a worker that lost its lease cannot write any more.';
comment on column transcriptions.position_samples is 'Checkpoint: everything before this sample (16 kHz) is transcribed and saved.';
comment on column transcriptions.unheard is 'Stretches (seconds) for which no words are given, and why; part of the transcript in the end.';
comment on column transcriptions.attempts is 'Failed tries in a row; getting on sets it back.';
create index ix_transcriptions_unfinished on transcriptions (coalesce(lease_until, created_at)) where status in ('queued', 'running');
create trigger transcriptions_touch before update on transcriptions for each row execute function touch_updated_at();

create table transcription_moves (
    seq bigint generated always as identity primary key,
    recording_id uuid not null references transcriptions (recording_id),
    from_status text,
    to_status text not null,
    reason text,
    moved_by uuid not null,
    moved_at timestamptz not null
);
comment on table transcription_moves is 'Every change of state of a transcription, in order.';
create index ix_transcription_moves_recording on transcription_moves (recording_id, seq);
create trigger transcription_moves_are_append_only before update or delete on transcription_moves
    for each row execute function refuse_change();
