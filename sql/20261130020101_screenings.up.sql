create table screenings (
    id uuid primary key,
    patient_id uuid not null references patients (id),
    encounter_id uuid references encounters (id),
    instrument text not null,
    instrument_version integer not null,
    status text not null check (status in ('in-progress', 'completed', 'abandoned', 'entered-in-error')),
    answers jsonb not null default '{}',
    version integer not null default 1,
    reason text check (length(reason) between 1 and 500),
    started_by uuid not null references users (id),
    started_at timestamptz not null,
    answered_by uuid not null references users (id),
    ended_by uuid references users (id),
    ended_at timestamptz,
    updated_at timestamptz not null default now(),
    foreign key (instrument, instrument_version) references screening_instruments (key, version),
    constraint ck_screenings_ended check ((ended_at is null) = (status = 'in-progress') and (ended_by is null) = (ended_at is null))
);
comment on table screenings is 'Questionnaires asked of patients (FHIR questionnaireresponse-status, with abandoned for stopped). Answers are saved as they are given.';
comment on column screenings.reason is 'Why it was abandoned, or what was the mistake.';
create unique index uq_screenings_under_way on screenings (patient_id, instrument) where status = 'in-progress';
create index ix_screenings_patient on screenings (patient_id, started_at desc, id desc);
create index ix_screenings_encounter on screenings (encounter_id) where encounter_id is not null;
create trigger screenings_touch before update on screenings for each row execute function touch_updated_at();

create table screening_moves (
    seq bigint generated always as identity primary key,
    screening_id uuid not null references screenings (id),
    from_status text,
    to_status text not null,
    reason text,
    moved_by uuid not null,
    moved_at timestamptz not null
);
comment on table screening_moves is 'Every change of state of a screening, in order.';
create index ix_screening_moves_screening on screening_moves (screening_id, seq);
create trigger screening_moves_are_append_only before update or delete on screening_moves
    for each row execute function refuse_change();

create table screening_results (
    screening_id uuid primary key references screenings (id),
    patient_id uuid not null references patients (id),
    instrument text not null,
    instrument_version integer not null,
    answers jsonb not null,
    result jsonb not null,
    level text check (level in ('undetermined', 'negative', 'low', 'moderate', 'high')),
    positive boolean not null,
    decided_by uuid not null references users (id),
    decided_at timestamptz not null,
    foreign key (instrument, instrument_version) references screening_instruments (key, version)
);
comment on table screening_results is 'What a screening said, with the answers and the version of the rules that decided; never changed.';
create index ix_screening_results_patient on screening_results (patient_id, decided_at desc);
create index ix_screening_results_level on screening_results (level, decided_at desc) where level is not null;
create trigger screening_results_are_append_only before update or delete on screening_results
    for each row execute function refuse_change();
create trigger screening_results_stay before truncate on screening_results
    for each statement execute function refuse_change();

create table screening_demands (
    id uuid primary key,
    patient_id uuid not null references patients (id),
    instrument text not null check (instrument in ('c-ssrs', 'c-ssrs-since-last-contact', 'phq-9', 'gad-7', 'phq-4', 'safe-t')),
    because text not null check (because ~ '^[a-z][a-z0-9.:-]{0,99}$'),
    source_id uuid,
    status text not null check (status in ('open', 'answered', 'withdrawn')),
    deferred_until timestamptz,
    screening_id uuid references screenings (id),
    demanded_by uuid not null,
    demanded_at timestamptz not null,
    updated_at timestamptz not null default now(),
    constraint ck_screening_demands_answered check (status = 'withdrawn' or (screening_id is not null) = (status = 'answered'))
);
comment on table screening_demands is 'Screenings that are due; the same patient, instrument and cause is one open row.';
comment on column screening_demands.because is 'What asks for it, in a word; source_id is the record that did.';
comment on column screening_demands.screening_id is 'The screening that answered it.';
create unique index uq_screening_demands_open on screening_demands (patient_id, instrument, because) where status = 'open';
create index ix_screening_demands_patient on screening_demands (patient_id, demanded_at, id) where status = 'open';
create index ix_screening_demands_screening on screening_demands (screening_id) where screening_id is not null;
create index ix_screening_demands_source on screening_demands (source_id) where source_id is not null;
create trigger screening_demands_touch before update on screening_demands for each row execute function touch_updated_at();

create table screening_demand_moves (
    seq bigint generated always as identity primary key,
    demand_id uuid not null references screening_demands (id),
    from_status text,
    to_status text not null,
    deferred_until timestamptz,
    reason text check (length(reason) between 1 and 500),
    moved_by uuid not null,
    moved_at timestamptz not null
);
comment on table screening_demand_moves is 'Every change of a demand, in order. Open to open: it was put off until a moment, with a reason.';
create index ix_screening_demand_moves_demand on screening_demand_moves (demand_id, seq);
create trigger screening_demand_moves_are_append_only before update or delete on screening_demand_moves
    for each row execute function refuse_change();
