create table signals (
    id uuid primary key,
    patient_id uuid not null references patients (id),
    encounter_id uuid references encounters (id),
    note_id uuid references notes (id),
    recording_id uuid references recordings (id),
    concept text not null check (concept in (
        'wish_to_be_dead', 'suicidal_ideation', 'suicide_plan', 'suicidal_intent', 'means', 'suicidal_behavior',
        'self_harm', 'violence', 'child_abuse', 'elder_abuse')),
    assertion text not null check (assertion in ('affirmed', 'uncertain', 'conditional', 'historical')),
    critical boolean not null,
    quote text not null check (length(quote) between 1 and 1000),
    section text check (length(section) between 1 and 100),
    sentence_index integer check (sentence_index >= 0),
    start_ms integer check (start_ms >= 0),
    end_ms integer,
    source text not null check (source in ('dictation', 'note', 'questionnaire', 'clinician', 'patient')),
    dedupe_key text not null unique check (length(dedupe_key) between 1 and 200),
    rule text check (length(rule) between 1 and 100),
    lexicon_version text check (length(lexicon_version) between 1 and 50),
    status text not null,
    reason text check (length(reason) between 1 and 1000),
    answered_by uuid,
    answered_at timestamptz,
    created_by uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null default now(),
    constraint ck_signals_status check (status in ('proposed', 'confirmed', 'dismissed', 'withdrawn')),
    constraint ck_signals_answer check (
        (status in ('confirmed', 'dismissed')) = (answered_by is not null)
        and (answered_by is null) = (answered_at is null)),
    constraint ck_signals_reason check ((status = 'dismissed') = (reason is not null)),
    constraint ck_signals_span check ((start_ms is null) = (end_ms is null) and end_ms >= start_ms),
    constraint ck_signals_place check ((section is null) = (sentence_index is null))
);
comment on table signals is 'Words or answers that may mean danger, each waiting for a person to confirm it or to say why not.';
comment on column signals.dedupe_key is 'What was said where, in a word: the same sentence of the same note is one signal, whoever finds it again.';
comment on column signals.lexicon_version is 'The lexicon that found it; null where a person raised it.';
create index ix_signals_patient on signals (patient_id, created_at desc, id desc);
create index ix_signals_note on signals (note_id, created_at desc, id desc) where note_id is not null;
create index ix_signals_encounter on signals (encounter_id, created_at desc, id desc) where encounter_id is not null;
create index ix_signals_waiting on signals (created_at desc, id desc) where status = 'proposed';
create trigger signals_touch before update on signals for each row execute function touch_updated_at();

create table signal_moves (
    seq bigint generated always as identity primary key,
    signal_id uuid not null references signals (id),
    from_status text,
    to_status text not null,
    reason text,
    moved_by uuid not null,
    moved_at timestamptz not null
);
comment on table signal_moves is 'Every change of state of a signal, in order.';
create index ix_signal_moves_signal on signal_moves (signal_id, seq);
create trigger signal_moves_are_append_only before update or delete on signal_moves
    for each row execute function refuse_change();

insert into work_types (code, kind, title, severity, pool_id, calendar_id, ladder_id, due_amount, due_unit, acknowledged_minutes, updated_by) values
    ('crisis.signal', 'alert', 'Possible danger sign, unanswered', 'critical', '00000000-0000-4000-8000-0000000000a2', '00000000-0000-4000-8000-00000000ca01', '00000000-0000-4000-8000-00000000ad01', 15, 'minutes', 15, '00000000-0000-0000-0000-000000000000');
