create table order_sets (
    id uuid primary key,
    owner_id uuid references users (id),
    name text not null check (length(name) between 1 and 100),
    version integer not null default 1,
    source text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    retired_at timestamptz
);
comment on table order_sets is 'What is often ordered together: the clinic''s, which have no owner, and doctors'' own.';
create unique index ux_order_sets_name on order_sets (coalesce(owner_id, '00000000-0000-0000-0000-000000000000'), lower(name)) where retired_at is null;
create index ix_order_sets_owner on order_sets (owner_id);

create table order_set_items (
    set_id uuid not null references order_sets (id),
    version integer not null,
    position integer not null check (position >= 1),
    orderable_key text not null references orderables (key),
    ticked boolean not null,
    primary key (set_id, version, position),
    unique (set_id, version, orderable_key)
);
comment on table order_set_items is 'What each version of a set holds; what was in an earlier one stays.';
create index ix_order_set_items_orderable on order_set_items (orderable_key);
create trigger order_set_items_are_append_only before update or delete on order_set_items
    for each row execute function refuse_change();
create trigger order_set_items_stay before truncate on order_set_items
    for each statement execute function refuse_change();

insert into order_sets (id, name, source, created_at, updated_at)
select ('00000000-0000-4000-8000-00000000e5' || id)::uuid, name, source, timestamptz '2026-01-01', timestamptz '2026-01-01'
from (values
    ('01', 'Annual physical, adult', 'Starter set 2026-11-30; USPSTF screening recommendations for adults'),
    ('02', 'Diabetes follow-up', 'Starter set 2026-11-30; ADA Standards of Care, comprehensive medical evaluation'),
    ('03', 'New hypertension', 'Starter set 2026-11-30; ACC/AHA hypertension guideline 2017, table 17'),
    ('04', 'Chest pain in the office', 'Starter set 2026-11-30; AHA/ACC chest pain guideline 2021'),
    ('05', 'Anemia work-up', 'Starter set 2026-11-30; usual first tests of anemia in adults'),
    ('06', 'Prenatal first visit', 'Starter set 2026-11-30; ACOG, routine tests during pregnancy'),
    ('07', 'Fatigue work-up', 'Starter set 2026-11-30; usual first tests of fatigue in adults'),
    ('08', 'Sexually transmitted infection screen', 'Starter set 2026-11-30; CDC STI treatment guidelines 2021'),
    ('09', 'Thyroid follow-up', 'Starter set 2026-11-30; ATA guidelines, hypothyroidism'),
    ('10', 'Pre-operative evaluation', 'Starter set 2026-11-30; to be cut down to what the operation asks for')
) as row (id, name, source);

insert into order_set_items (set_id, version, position, orderable_key, ticked)
select ('00000000-0000-4000-8000-00000000e5' || id)::uuid, 1, position, ltrim(item, '?'), item not like '?%'
from (values
    ('01', 'cbc,cmp,lipid-panel,a1c,?tsh,?hep-c-antibody,?hiv,?psa,?fit,?mammogram-screening,?colonoscopy,?dexa'),
    ('02', 'a1c,cmp,lipid-panel,urine-albumin-creatinine,retinal-exam,foot-exam-monofilament,?b12,?refer-diabetes-education,?refer-nutrition,?refer-podiatry'),
    ('03', 'bmp,cbc,lipid-panel,tsh,urinalysis,ekg,fasting-glucose,?urine-albumin-creatinine,?uric-acid,?ambulatory-bp,?echocardiogram'),
    ('04', 'ekg,troponin,chest-x-ray,cbc,bmp,?d-dimer,?bnp,?stress-test,?refer-cardiology'),
    ('05', 'cbc-diff,ferritin,iron-panel,reticulocytes,b12,folate,?blood-smear,?ldh,?haptoglobin,?tsh,?fit,?hemoglobin-electrophoresis'),
    ('06', 'cbc,type-and-screen,rubella-igg,hep-b-surface-antigen,hep-c-antibody,hiv,rpr,chlamydia-gonorrhea,urine-culture,urinalysis,us-obstetric,?varicella-igg,?pap-smear,?a1c,?tsh,?cell-free-dna'),
    ('07', 'cbc,cmp,tsh,ferritin,?b12,?vitamin-d,?esr,?monospot,?hiv,?sleep-study'),
    ('08', 'chlamydia-gonorrhea,hiv,rpr,hep-c-antibody,?hep-b-surface-antigen,?wet-prep,?urine-pregnancy-test'),
    ('09', 'tsh,free-t4,?free-t3,?tpo-antibodies,?us-thyroid'),
    ('10', 'ekg,cbc,bmp,?pt-inr,?type-and-screen,?urine-pregnancy-test,?chest-x-ray')
) as row (id, items), unnest(string_to_array(items, ',')) with ordinality as listed (item, position);
