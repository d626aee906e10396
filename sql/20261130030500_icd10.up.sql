create table icd10_releases (
    id uuid primary key,
    name text not null check (length(name) between 1 and 200),
    published_on date not null,
    source text not null check (length(source) between 1 and 500),
    sha256 text not null unique check (sha256 ~ '^[0-9a-f]{64}$'),
    code_count integer not null check (code_count >= 1),
    loaded_by uuid not null,
    loaded_at timestamptz not null,
    superseded_at timestamptz
);
comment on table icd10_releases is 'Releases of ICD-10-CM that were loaded. Old ones stay: problems name the one their code comes from.';
comment on column icd10_releases.sha256 is 'Of what was read: loading the same again changes nothing.';
comment on column icd10_releases.superseded_at is 'When another took its place; null: codes are searched in this one.';
create unique index ux_icd10_releases_current on icd10_releases ((superseded_at is null)) where superseded_at is null;

create table icd10_codes (
    release_id uuid not null references icd10_releases (id),
    code text not null check (code ~ '^[A-Z][0-9A-Z][0-9A-Z](\.[0-9A-Z]{1,4})?$'),
    bare text not null,
    description text not null check (length(description) between 1 and 500),
    billable boolean not null,
    parent text,
    chapter integer not null check (chapter between 1 and 22),
    inclusion_terms text[] not null,
    weight integer not null check (weight >= 0),
    title_words text[] not null,
    words text[] not null,
    phrases text[] not null,
    terms tsvector not null generated always as (array_to_tsvector(words)) stored,
    primary key (release_id, code)
);
comment on table icd10_codes is 'Categories and codes of each release, with what they are found by.';
comment on column icd10_codes.billable is 'A code, not only a heading over codes.';
comment on column icd10_codes.weight is 'How far down among equals: the more general and the more common come first.';
comment on column icd10_codes.phrases is 'Whole names in plain words, by which a text means this code.';
create index ix_icd10_codes_bare on icd10_codes (release_id, bare text_pattern_ops);
create index ix_icd10_codes_weight on icd10_codes (release_id, weight, code);
create index ix_icd10_codes_terms on icd10_codes using gin (terms);
create index ix_icd10_codes_phrases on icd10_codes using gin (phrases);
