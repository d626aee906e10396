create table problems (
    id uuid primary key,
    patient_id uuid not null references patients (id),
    encounter_id uuid references encounters (id),
    code text check (length(code) between 3 and 8),
    release_id uuid references icd10_releases (id),
    description text not null check (length(description) between 1 and 500),
    clinical_status text not null,
    verification_status text not null,
    onset_on date,
    onset_precision text,
    abated_on date,
    severity text,
    note text check (length(note) between 1 and 2000),
    written_as text check (length(written_as) between 1 and 200),
    version integer not null default 1,
    recorded_by uuid not null references users (id),
    recorded_at timestamptz not null,
    updated_at timestamptz not null default now(),
    constraint ck_problems_clinical_status check (clinical_status in ('active', 'recurrence', 'remission', 'resolved', 'inactive')),
    constraint ck_problems_verification_status check (verification_status in (
        'unconfirmed', 'provisional', 'differential', 'confirmed', 'refuted', 'entered-in-error')),
    constraint ck_problems_severity check (severity in ('mild', 'moderate', 'severe')),
    constraint ck_problems_code check ((code is null) = (release_id is null)),
    constraint ck_problems_onset check (
        (onset_on is null) = (onset_precision is null) and onset_precision in ('year', 'month', 'day')),
    constraint ck_problems_abated check (
        abated_on is null or (clinical_status in ('remission', 'resolved', 'inactive')))
);
comment on table problems is 'What a patient suffers from or suffered from, by the words of FHIR''s Condition.';
comment on column problems.release_id is 'The release of ICD-10-CM the code was chosen from.';
comment on column problems.onset_on is 'The first day of the year or month where only that is known.';
comment on column problems.written_as is 'The line of the patient''s free-text list that it was taken over from.';
create index ix_problems_patient on problems (patient_id, recorded_at desc, id desc);
create index ix_problems_encounter on problems (encounter_id) where encounter_id is not null;
create index ix_problems_release on problems (release_id) where release_id is not null;
create index ix_problems_recorder on problems (recorded_by);
create trigger problems_touch before update on problems for each row execute function touch_updated_at();

create table problem_moves (
    seq bigint generated always as identity primary key,
    problem_id uuid not null references problems (id),
    from_clinical text,
    to_clinical text not null,
    from_verification text,
    to_verification text not null,
    reason text check (length(reason) between 1 and 500),
    moved_by uuid not null,
    moved_at timestamptz not null
);
comment on table problem_moves is 'Every change of either state of a problem, in order.';
create index ix_problem_moves_problem on problem_moves (problem_id, seq);
create trigger problem_moves_are_append_only before update or delete on problem_moves
    for each row execute function refuse_change();
