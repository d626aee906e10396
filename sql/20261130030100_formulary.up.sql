create table formulary_releases (
    id uuid primary key,
    name text not null check (length(name) between 1 and 100),
    version text not null check (length(version) between 1 and 40),
    status text not null check (status in ('imported', 'current', 'superseded')),
    effective_on date not null,
    shelf_life_days integer not null check (shelf_life_days >= 1),
    source text not null check (length(source) between 1 and 1000),
    reviewed_by text check (length(reviewed_by) between 1 and 200),
    counts jsonb not null,
    imported_by uuid not null,
    imported_at timestamptz not null,
    status_at timestamptz not null,
    unique (name, version)
);
comment on table formulary_releases is 'Versions of what is known of drugs; checks are made against the current one.';
comment on column formulary_releases.shelf_life_days is 'So many days after effective_on its silence means nothing any more: what it does not warn of is not checked.';
comment on column formulary_releases.reviewed_by is 'Who of this clinic has reviewed it; null while nobody has.';
create unique index uq_formulary_releases_current on formulary_releases (status) where status = 'current';
create index ix_formulary_releases_newest on formulary_releases (imported_at desc, id);

create table formulary_release_moves (
    seq bigint generated always as identity primary key,
    release_id uuid not null references formulary_releases (id),
    from_status text,
    to_status text not null,
    moved_by uuid not null,
    moved_at timestamptz not null
);
comment on table formulary_release_moves is 'Every change of state of a release, in order.';
create index ix_formulary_release_moves_release on formulary_release_moves (release_id, seq);

create table drugs (
    release_id uuid not null references formulary_releases (id),
    key text not null check (key ~ '^[a-z0-9][a-z0-9-]{0,79}$'),
    name text not null check (length(name) between 1 and 200),
    brands text[] not null,
    synonyms text[] not null,
    rxcui text,
    atc text,
    classes text[] not null,
    ingredients text[] not null,
    routes text[] not null,
    strengths text[] not null,
    covered text[] not null,
    primary key (release_id, key)
);
comment on table drugs is 'Substances and fixed combinations of them, by the names people use.';
comment on column drugs.classes is 'The narrowest groups it belongs to; wider ones follow from drug_groups.parents.';
comment on column drugs.ingredients is 'Of a combination: the drugs in it. Empty: it is one substance.';
comment on column drugs.routes is 'Empty: never given alone.';
comment on column drugs.covered is 'Kinds of checks for which silence of this release means that nothing was found.';

create table drug_groups (
    release_id uuid not null references formulary_releases (id),
    key text not null check (key ~ '^[a-z0-9][a-z0-9-]{0,79}$'),
    name text not null check (length(name) between 1 and 200),
    kind text not null check (kind in ('class', 'allergen', 'none-known')),
    parents text[] not null,
    shared_allergy boolean not null,
    words text[] not null,
    primary key (release_id, key)
);
comment on table drug_groups is 'Classes of drugs, one within another, and other things people are allergic to, with the words they write for them.';
comment on column drug_groups.shared_allergy is 'Who is allergic to one member is taken to be allergic to all.';

create table allergy_cross_reactions (
    release_id uuid not null references formulary_releases (id),
    allergy text not null,
    given text not null,
    severity text not null check (severity in ('contraindicated', 'major', 'moderate')),
    because text not null,
    source text not null,
    as_of date not null,
    primary key (release_id, allergy, given)
);
comment on table allergy_cross_reactions is 'An allergy to the one (drug or group) warns of the other.';

create table drug_interactions (
    release_id uuid not null references formulary_releases (id),
    first text not null,
    second text not null,
    severity text not null check (severity in ('contraindicated', 'major', 'moderate')),
    effect text not null,
    advice text not null,
    source text not null,
    as_of date not null,
    primary key (release_id, first, second)
);
comment on table drug_interactions is 'Two drugs or groups that do not go together, in either order.';

create table duplicate_therapies (
    release_id uuid not null references formulary_releases (id),
    "group" text not null,
    severity text not null check (severity in ('contraindicated', 'major', 'moderate')),
    because text not null,
    source text not null,
    as_of date not null,
    primary key (release_id, "group")
);
comment on table duplicate_therapies is 'Groups of which two members are one too many.';

create table dose_rules (
    release_id uuid not null references formulary_releases (id),
    drug text not null,
    route text not null,
    age_from integer not null check (age_from between 0 and 150),
    age_below integer not null,
    unit text not null,
    per_kg boolean not null,
    usual_low numeric check (usual_low >= 0),
    usual_high numeric check (usual_high >= 0),
    max_each numeric check (max_each >= 0),
    max_day numeric check (max_day >= 0),
    cap_each numeric check (cap_each >= 0),
    cap_day numeric check (cap_day >= 0),
    least_days integer check (least_days >= 2),
    note text,
    source text not null,
    as_of date not null,
    primary key (release_id, drug, route, age_from, age_below),
    constraint ck_dose_rules_ages check (age_below > age_from),
    constraint ck_dose_rules_usual check (usual_high >= usual_low),
    foreign key (release_id, drug) references drugs (release_id, key)
);
comment on table dose_rules is 'What is usual each time and the most each time and in a day, by route and age; per_kg: for each kg of weight, up to the caps.';
comment on column dose_rules.least_days is 'Given once in so many days at most.';

create table pregnancy_rules (
    release_id uuid not null references formulary_releases (id),
    subject text not null,
    advice text not null check (advice in ('contraindicated', 'major', 'moderate', 'compatible')),
    because text not null,
    source text not null,
    as_of date not null,
    primary key (release_id, subject)
);
comment on table pregnancy_rules is 'What is known of a drug or group in pregnancy.';

create table renal_rules (
    release_id uuid not null references formulary_releases (id),
    seq integer not null,
    subject text not null,
    below numeric check (below > 0),
    severity text check (severity in ('contraindicated', 'major', 'moderate')),
    because text not null,
    source text not null,
    as_of date not null,
    primary key (release_id, seq),
    unique nulls not distinct (release_id, subject, below),
    constraint ck_renal_rules_severity check ((below is null) = (severity is null))
);
comment on table renal_rules is 'What is to be done with a drug or group below an eGFR (mL/min/1.73 m2); below null: nothing at any.';
create trigger formulary_release_moves_are_append_only before update or delete on formulary_release_moves
    for each row execute function refuse_change();
create trigger formulary_release_moves_stay before truncate on formulary_release_moves
    for each statement execute function refuse_change();
create trigger drugs_are_append_only before update or delete on drugs
    for each row execute function refuse_change();
create trigger drugs_stay before truncate on drugs
    for each statement execute function refuse_change();
create trigger drug_groups_are_append_only before update or delete on drug_groups
    for each row execute function refuse_change();
create trigger drug_groups_stay before truncate on drug_groups
    for each statement execute function refuse_change();
create trigger allergy_cross_reactions_are_append_only before update or delete on allergy_cross_reactions
    for each row execute function refuse_change();
create trigger allergy_cross_reactions_stay before truncate on allergy_cross_reactions
    for each statement execute function refuse_change();
create trigger drug_interactions_are_append_only before update or delete on drug_interactions
    for each row execute function refuse_change();
create trigger drug_interactions_stay before truncate on drug_interactions
    for each statement execute function refuse_change();
create trigger duplicate_therapies_are_append_only before update or delete on duplicate_therapies
    for each row execute function refuse_change();
create trigger duplicate_therapies_stay before truncate on duplicate_therapies
    for each statement execute function refuse_change();
create trigger dose_rules_are_append_only before update or delete on dose_rules
    for each row execute function refuse_change();
create trigger dose_rules_stay before truncate on dose_rules
    for each statement execute function refuse_change();
create trigger pregnancy_rules_are_append_only before update or delete on pregnancy_rules
    for each row execute function refuse_change();
create trigger pregnancy_rules_stay before truncate on pregnancy_rules
    for each statement execute function refuse_change();
create trigger renal_rules_are_append_only before update or delete on renal_rules
    for each row execute function refuse_change();
create trigger renal_rules_stay before truncate on renal_rules
    for each statement execute function refuse_change();
