-- Two records of one person become one. Clinical records keep the id they were written under;
-- whoever looks follows merged_into.

alter table patients add column merged_into uuid references patients (id);
alter table patients add constraint ck_patients_merged check (merged_into is null or merged_into <> id);
comment on column patients.merged_into is 'The record of the same person that counts now; null for a record that counts itself.';
create index ix_patients_merged_into on patients (merged_into) where merged_into is not null;

-- One step always leads to the record that counts: no chains, no circles.
create function refuse_merge_chains() returns trigger language plpgsql as $$
begin
    if exists (
        select 1 from patients one join patients other on other.id = one.merged_into
        where one.id = new.id and other.merged_into is not null
    ) or exists (
        select 1 from patients one join patients other on other.merged_into = one.id
        where one.id = new.id and one.merged_into is not null
    ) then
        raise exception 'a patient record that is merged into another cannot have records merged into it'
            using errcode = 'integrity_constraint_violation';
    end if;
    return null;
end
$$;
create constraint trigger patients_merge_flat after update of merged_into on patients
    deferrable initially deferred for each row when (new.merged_into is not null)
    execute function refuse_merge_chains();

create table patient_merges (
    id uuid primary key,
    absorbed_id uuid not null references patients (id),
    survivor_id uuid not null references patients (id),
    carried uuid[] not null default '{}',
    before jsonb not null,
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
comment on column patient_merges.before is 'The clinical lists of the survivor as they were, so that taking the merge back leaves what was there and what was written since.';
create index ix_patient_merges_survivor on patient_merges (survivor_id, merged_at desc);
create index ix_patient_merges_absorbed on patient_merges (absorbed_id, merged_at desc);
create unique index uq_patient_merges_standing on patient_merges (absorbed_id) where reversed_at is null;
