create table problem_suggestions (
    id uuid primary key,
    patient_id uuid not null references patients (id),
    encounter_id uuid not null references encounters (id),
    note_id uuid not null references notes (id),
    section text not null check (length(section) between 1 and 100),
    sentence_id text not null check (length(sentence_id) between 1 and 100),
    quote text not null check (length(quote) between 1 and 500),
    found text not null check (length(found) between 1 and 500),
    code text not null check (length(code) between 3 and 8),
    release_id uuid not null references icd10_releases (id),
    description text not null check (length(description) between 1 and 500),
    certainty text not null check (certainty in ('affirmed', 'uncertain')),
    status text not null,
    problem_id uuid references problems (id),
    answered_by uuid,
    answered_at timestamptz,
    created_by uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null default now(),
    unique (note_id, code),
    constraint ck_problem_suggestions_status check (status in ('suggested', 'taken', 'dismissed', 'withdrawn')),
    constraint ck_problem_suggestions_answer check (
        (status in ('taken', 'dismissed')) = (answered_by is not null) and (answered_by is null) = (answered_at is null)),
    constraint ck_problem_suggestions_problem check ((status = 'taken') = (problem_id is not null))
);
comment on table problem_suggestions is 'Diagnoses named in the assessment of a note, each offered to its doctor once; never a problem by itself.';
comment on column problem_suggestions.found is 'The words of the sentence that named it.';
create index ix_problem_suggestions_patient on problem_suggestions (patient_id, created_at desc, id desc);
create index ix_problem_suggestions_encounter on problem_suggestions (encounter_id);
create index ix_problem_suggestions_release on problem_suggestions (release_id);
create index ix_problem_suggestions_problem on problem_suggestions (problem_id) where problem_id is not null;
create trigger problem_suggestions_touch before update on problem_suggestions for each row execute function touch_updated_at();

create table problem_suggestion_moves (
    seq bigint generated always as identity primary key,
    suggestion_id uuid not null references problem_suggestions (id),
    from_status text,
    to_status text not null,
    moved_by uuid not null,
    moved_at timestamptz not null
);
comment on table problem_suggestion_moves is 'Every change of state of a suggestion, in order.';
create index ix_problem_suggestion_moves_suggestion on problem_suggestion_moves (suggestion_id, seq);
create trigger problem_suggestion_moves_are_append_only before update or delete on problem_suggestion_moves
    for each row execute function refuse_change();
