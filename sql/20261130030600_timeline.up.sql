create table timeline_entries (
    id uuid primary key,
    patient_id uuid not null references patients (id),
    kind text not null check (kind ~ '^[a-z][a-z-]{0,39}$'),
    source_id uuid not null,
    part text not null,
    at timestamptz not null,
    encounter_id uuid,
    title text not null,
    detail text,
    clinical text,
    status text not null,
    flag text check (flag in ('warn', 'bad')),
    only_for uuid,
    stored_at timestamptz not null,
    constraint uq_timeline_entries_source unique (kind, source_id, part)
) with (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.05);
comment on table timeline_entries is 'A projection: the history of patients in one list. Can be dropped and rebuilt.';
comment on column timeline_entries.patient_id is 'The record under which the source was written.';
comment on column timeline_entries.part is 'Which part of the source this is, where it has several, such as a later revision.';
comment on column timeline_entries.clinical is 'Words for clinicians only.';
comment on column timeline_entries.only_for is 'The one person who may see it; null: everybody who may see its kind.';
comment on column timeline_entries.stored_at is 'When it was first written here; not a part of what it says.';
-- Pages are found in these alone, which needs pages of the table that are known to be all visible.
create index ix_timeline_entries_patient on timeline_entries (patient_id, at desc, id desc) include (kind, only_for);
create index ix_timeline_entries_kind on timeline_entries (patient_id, kind, at desc, id desc) include (only_for);
create index ix_timeline_entries_stored on timeline_entries (patient_id, stored_at);

create table timeline_patients (
    patient_id uuid primary key references patients (id),
    shape bigint not null,
    built_at timestamptz not null
);
comment on table timeline_patients is 'Whose timeline was made from the sources as a whole; from then on facts keep it.';
comment on column timeline_patients.shape is 'Which sources it was made with: another number, and it is made anew before it is read.';

create table timeline_arrears (
    fact_id uuid not null references outbox (id),
    patient_id uuid not null,
    primary key (patient_id, fact_id)
);
comment on table timeline_arrears is 'Facts the timeline has not heard, by patient; written with the fact, gone once it was heard.';
create index ix_timeline_arrears_fact on timeline_arrears (fact_id);

create function owe_timeline() returns trigger language plpgsql as $$
begin
    insert into timeline_arrears (fact_id, patient_id)
    select fact.id, cast(named.patient_id as uuid)
    from owed
    join outbox fact on fact.seq = owed.seq
    cross join lateral (
        values (fact.payload ->> 'patient_id'), (fact.payload ->> 'from_patient_id')
    ) as named (patient_id)
    where owed.subscriber = 'timeline' and named.patient_id is not null
    on conflict do nothing;
    return null;
end
$$;
comment on function owe_timeline() is 'Whoever reads a timeline finds in the same moment what it has not heard yet.';
create trigger outbox_deliveries_owe_timeline after insert on outbox_deliveries
    referencing new table as owed for each statement execute function owe_timeline();

create table vital_signs (
    note_id uuid not null references notes (id),
    position integer not null check (position >= 1),
    patient_id uuid not null references patients (id),
    taken_at timestamptz not null,
    code text not null,
    label text not null,
    value double precision not null,
    unit text not null,
    primary key (note_id, position)
);
comment on table vital_signs is 'A projection: what signed notes measured. Can be dropped and rebuilt.';
comment on column vital_signs.code is 'LOINC.';
comment on column vital_signs.taken_at is 'When the visit began in which it was measured.';
create index ix_vital_signs_patient on vital_signs (patient_id, code, taken_at desc);
