create sequence patient_record_numbers start 100001;

create table patients (
    id uuid primary key,
    mrn text not null unique default 'MRN-' || nextval('patient_record_numbers'),
    given_name text not null check (length(given_name) between 1 and 100),
    family_name text not null check (length(family_name) between 1 and 100),
    birth_date date not null,
    sex text not null check (sex in ('male', 'female', 'other', 'unknown')),
    phone text,
    email text,
    address text,
    emergency_contacts jsonb not null default '[]',
    allergies jsonb,
    medications jsonb,
    problems jsonb,
    version integer not null default 1,
    created_by uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    search_text text not null,
    search_grams text[] not null generated always as (search_grams(search_text)) stored
);
comment on table patients is 'The people we care for.';
comment on column patients.mrn is 'Medical record number of this clinic.';
comment on column patients.sex is 'FHIR administrative-gender.';
comment on column patients.allergies is 'null: not recorded. []: asked, none known.';
comment on column patients.search_text is 'Family and given name in lower case without accents, birth date as digits in three orders, digits of the phone, record number.';
create index ix_patients_search on patients using gin (search_grams);
create index ix_patients_name on patients ((left(search_text, 200)) collate "C", id);
create index ix_patients_birth_date on patients (birth_date);
