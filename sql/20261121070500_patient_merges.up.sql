-- Two records of one person become one. Clinical records keep the id they were written under;
-- whoever looks follows merged_into.

alter table patients add column merged_into uuid references patients (id);
alter table patients add constraint ck_patients_merged check (merged_into is null or merged_into <> id);
comment on column patients.merged_into is 'The record of the same person that counts now; null for a record that counts itself.';
create index ix_patients_merged_into on patients (merged_into) where merged_into is not null;

create table patient_merges (
    id uuid primary key,
    absorbed_id uuid not null references patients (id),
    survivor_id uuid not null references patients (id),
    carried uuid[] not null default '{}',
    reason text not null check (length(reason) between 1 and 500),
    merged_by uuid not null,
    merged_at timestamptz not null,
    reversible_until timestamptz not null,
    reversed_by uuid,
    reversed_at timestamptz,
    constraint ck_patient_merges_two check (absorbed_id <> survivor_id),
    constraint ck_patient_merges_reversed check ((reversed_by is null) = (reversed_at is null))
);
comment on table patient_merges is 'Who found two records to be one person, when and why, and whether that was taken back.';
comment on column patient_merges.carried is 'Records merged into the absorbed one before, which came along.';
create index ix_patient_merges_survivor on patient_merges (survivor_id, merged_at desc);
create index ix_patient_merges_absorbed on patient_merges (absorbed_id, merged_at desc);
