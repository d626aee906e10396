create table crisis_step_rules (
    id uuid primary key,
    code text not null check (code ~ '^[a-z][a-z-]{1,40}$'),
    version integer not null check (version > 0),
    level text not null check (level in ('undetermined', 'negative', 'low', 'moderate', 'high')),
    title text not null check (length(title) between 1 and 200),
    explanation text not null check (length(explanation) between 1 and 500),
    due_amount integer not null check (due_amount >= 0),
    due_unit text not null check (due_unit in ('minutes', 'working-minutes', 'days', 'working-days')),
    done_by_fact text check (done_by_fact in ('screening', 'safety-plan')),
    source text not null,
    effective_from date not null,
    effective_to date,
    reviewed_by uuid,
    unique (level, code, version)
);
comment on table crisis_step_rules is 'What has to be done at which level of risk, and by when; a new version is a new row.';
comment on column crisis_step_rules.done_by_fact is 'Ticked by itself when such a thing is completed or published.';
comment on column crisis_step_rules.reviewed_by is 'Who of this site has read the rule; null: nobody has.';

create table crisis_signal_rules (
    id uuid primary key,
    concept text not null,
    version integer not null check (version > 0),
    level text check (level in ('undetermined', 'negative', 'low', 'moderate', 'high')),
    why text not null check (length(why) between 1 and 300),
    source text not null,
    effective_from date not null,
    effective_to date,
    reviewed_by uuid,
    unique (concept, version)
);
comment on table crisis_signal_rules is 'What a confirmed sign of danger says of the risk; level null: it opens an episode and says nothing of suicide risk.';

create table crisis_episodes (
    id uuid primary key,
    patient_id uuid not null references patients (id),
    status text not null check (status in ('open', 'closed')),
    owner_id uuid references users (id),
    level text not null check (level in ('undetermined', 'negative', 'low', 'moderate', 'high')),
    urgency integer not null generated always as (
        case level when 'high' then 0 when 'undetermined' then 1 when 'moderate' then 2 when 'low' then 3 else 4 end
    ) stored,
    highest_level text not null check (highest_level in ('undetermined', 'negative', 'low', 'moderate', 'high')),
    next_due_at timestamptz,
    turn_at timestamptz not null generated always as (coalesce(next_due_at, timestamptz '9999-01-01 00:00:00+00')) stored,
    opened_at timestamptz not null,
    opened_by uuid not null,
    closed_at timestamptz,
    closed_by uuid,
    version integer not null default 1,
    constraint ck_crisis_episodes_closed check ((status = 'closed') = (closed_at is not null))
);
comment on table crisis_episodes is 'Danger to or by a patient, owned and followed until it is closed.';
create unique index uq_crisis_episodes_open on crisis_episodes (patient_id) where status = 'open';
create index ix_crisis_episodes_patient on crisis_episodes (patient_id, opened_at desc, id desc);
create index ix_crisis_episodes_board on crisis_episodes (urgency, turn_at, id) where status = 'open';
create index ix_crisis_episodes_owner on crisis_episodes (owner_id, next_due_at) where status = 'open';

create table crisis_entries (
    seq bigint generated always as identity primary key,
    id uuid not null unique,
    episode_id uuid not null references crisis_episodes (id),
    patient_id uuid not null references patients (id),
    kind text not null check (kind in ('opened', 'reopened', 'signal', 'screening', 'level', 'step', 'intervention', 'contact', 'factor', 'safety-plan', 'report', 'handover', 'owner', 'remark', 'closed')),
    code text,
    outcome text,
    remark text check (length(remark) between 1 and 4000),
    detail jsonb not null default '{}',
    source_type text,
    source_id uuid,
    happened_at timestamptz not null,
    recorded_by uuid not null,
    recorded_at timestamptz not null,
    constraint ck_crisis_entries_source check ((source_type is null) = (source_id is null))
);
comment on table crisis_entries is 'The timeline of an episode: everything that was found, decided and done, with who and when.';
create index ix_crisis_entries_episode on crisis_entries (episode_id, seq);
create unique index uq_crisis_entries_source on crisis_entries (episode_id, kind, source_type, source_id) where source_id is not null;
create trigger crisis_entries_are_append_only before update or delete on crisis_entries
    for each row execute function refuse_change();

create table crisis_steps (
    id uuid primary key,
    episode_id uuid not null references crisis_episodes (id),
    patient_id uuid not null references patients (id),
    code text not null,
    rule_id uuid not null references crisis_step_rules (id),
    title text not null,
    round integer not null default 1,
    status text not null check (status in ('due', 'done', 'not-needed')),
    due_at timestamptz not null,
    overdue_at timestamptz,
    ended_at timestamptz,
    ended_by uuid,
    outcome text,
    constraint ck_crisis_steps_ended check ((status = 'due') = (ended_at is null)),
    constraint uq_crisis_steps_round unique (episode_id, code, round)
);
comment on column crisis_steps.overdue_at is 'When the alert about its breach was raised.';
comment on table crisis_steps is 'What this episode still asks for, with its clock; each round of a reopened episode asks anew.';
create index ix_crisis_steps_due on crisis_steps (due_at, id) where status = 'due' and overdue_at is null;
create index ix_crisis_steps_episode on crisis_steps (episode_id, due_at, id);

insert into crisis_step_rules (id, code, version, level, title, explanation, due_amount, due_unit, done_by_fact, source, effective_from) values
    ('00000000-0000-4000-8000-00000000c501', 'observation', 1, 'high', 'Stay with the patient until somebody has taken over', 'High risk: immediate patient-safety precautions.', 15, 'minutes', null, 'C-SSRS triage guidelines (immediate precautions at high risk); minutes are a default of this product', '2026-01-01'),
    ('00000000-0000-4000-8000-00000000c502', 'referral', 1, 'high', 'Arrange a mental-health evaluation today', 'High risk: immediate mental-health referral.', 240, 'minutes', null, 'C-SSRS triage guidelines (immediate referral at high risk); minutes are a default of this product', '2026-01-01'),
    ('00000000-0000-4000-8000-00000000c503', 'means-safety', 1, 'high', 'Make the surroundings safe: firearms, medicines, other means', 'Step 6 of safety planning; counselling on lethal means.', 240, 'minutes', null, 'Stanley and Brown 2012, step 6; minutes are a default of this product', '2026-01-01'),
    ('00000000-0000-4000-8000-00000000c504', 'contacts', 1, 'high', 'Reach somebody whom the patient trusts', 'People to ask for help, step 4 of safety planning.', 240, 'minutes', null, 'Stanley and Brown 2012, step 4; minutes are a default of this product', '2026-01-01'),
    ('00000000-0000-4000-8000-00000000c505', 'safety-plan', 1, 'high', 'Write the safety plan with the patient', 'Risk level and mitigation plan are documented together.', 1, 'days', 'safety-plan', 'Joint Commission NPSG.15.01.01; the day is a default of this product', '2026-01-01'),
    ('00000000-0000-4000-8000-00000000c506', 'follow-up', 1, 'high', 'Call the patient', 'With follow-up calls fewer suicidal behaviours at six months.', 1, 'days', null, 'JAMA Psychiatry 2018 (safety planning with follow-up calls); the day is a default of this product', '2026-01-01'),
    ('00000000-0000-4000-8000-00000000c511', 'means-safety', 1, 'moderate', 'Make the surroundings safe: firearms, medicines, other means', 'Step 6 of safety planning; counselling on lethal means.', 1, 'days', null, 'Stanley and Brown 2012, step 6; the day is a default of this product', '2026-01-01'),
    ('00000000-0000-4000-8000-00000000c512', 'safety-plan', 1, 'moderate', 'Write the safety plan with the patient', 'Risk level and mitigation plan are documented together.', 1, 'days', 'safety-plan', 'Joint Commission NPSG.15.01.01; the day is a default of this product', '2026-01-01'),
    ('00000000-0000-4000-8000-00000000c513', 'follow-up', 1, 'moderate', 'Call the patient', 'With follow-up calls fewer suicidal behaviours at six months.', 3, 'days', null, 'JAMA Psychiatry 2018 (safety planning with follow-up calls); the days are a default of this product', '2026-01-01'),
    ('00000000-0000-4000-8000-00000000c521', 'follow-up', 1, 'low', 'See or call the patient again', 'Follow-up after a positive screen.', 14, 'days', null, 'Joint Commission NPSG.15.01.01 (follow-up policy); the days are a default of this product', '2026-01-01'),
    ('00000000-0000-4000-8000-00000000c531', 'screening', 1, 'undetermined', 'Ask the C-SSRS questions', 'Something critical is not known: a clinician has to look.', 60, 'minutes', 'screening', 'C-SSRS screener: an unanswered critical item is not a no; minutes are a default of this product', '2026-01-01');

insert into crisis_signal_rules (id, concept, version, level, why, source, effective_from) values
    ('00000000-0000-4000-8000-00000000c601', 'suicidal_ideation', 1, 'undetermined', 'Thoughts of suicide: how grave is not known until somebody asks.', 'C-SSRS screener, items 1 and 2; the level is a default of this product', '2026-01-01'),
    ('00000000-0000-4000-8000-00000000c600', 'wish_to_be_dead', 1, 'low', 'A wish to be dead without thoughts of acting.', 'C-SSRS triage: item 1 alone', '2026-01-01'),
    ('00000000-0000-4000-8000-00000000c602', 'suicidal_intent', 1, 'high', 'Some intention of acting.', 'C-SSRS triage: item 4', '2026-01-01'),
    ('00000000-0000-4000-8000-00000000c603', 'suicide_plan', 1, 'high', 'Details worked out.', 'C-SSRS triage: item 5', '2026-01-01'),
    ('00000000-0000-4000-8000-00000000c604', 'means', 1, 'undetermined', 'Means are at hand: how grave is not known until somebody asks.', 'SAFE-T, access to means; the level is a default of this product', '2026-01-01'),
    ('00000000-0000-4000-8000-00000000c605', 'suicidal_behavior', 1, 'high', 'An attempt or preparation.', 'C-SSRS triage: item 6 within three months', '2026-01-01'),
    ('00000000-0000-4000-8000-00000000c606', 'self_harm', 1, 'undetermined', 'Self-harm: whether there is intent is not known until somebody asks.', 'the level is a default of this product', '2026-01-01'),
    ('00000000-0000-4000-8000-00000000c607', 'violence', 1, null, 'A threat to somebody else says nothing of suicide risk.', 'California Civil Code 43.92 for what follows', '2026-01-01'),
    ('00000000-0000-4000-8000-00000000c608', 'child_abuse', 1, null, 'A child may be in danger; says nothing of suicide risk.', 'California Penal Code 11166 for what follows', '2026-01-01'),
    ('00000000-0000-4000-8000-00000000c609', 'elder_abuse', 1, null, 'An elder or dependent adult may be in danger; says nothing of suicide risk.', 'California W&I 15630 for what follows', '2026-01-01');

insert into work_types (code, kind, title, severity, pool_id, calendar_id, ladder_id, due_amount, due_unit, acknowledged_minutes, updated_by) values
    ('crisis.step', 'task', 'Step of a crisis episode', 'high', '00000000-0000-4000-8000-0000000000a1', '00000000-0000-4000-8000-00000000ca01', '00000000-0000-4000-8000-00000000ad01', 60, 'minutes', null, '00000000-0000-0000-0000-000000000000'),
    ('crisis.review', 'task', 'Review of a risk level', 'high', '00000000-0000-4000-8000-0000000000a2', '00000000-0000-4000-8000-00000000ca01', '00000000-0000-4000-8000-00000000ad01', 1, 'days', null, '00000000-0000-0000-0000-000000000000'),
    ('crisis.unowned', 'alert', 'Crisis episode without an owner', 'critical', '00000000-0000-4000-8000-0000000000a2', '00000000-0000-4000-8000-00000000ca01', '00000000-0000-4000-8000-00000000ad01', 15, 'minutes', 30, '00000000-0000-0000-0000-000000000000'),
    ('crisis.overdue', 'alert', 'Step of a crisis episode is overdue', 'critical', '00000000-0000-4000-8000-0000000000a2', '00000000-0000-4000-8000-00000000ca01', '00000000-0000-4000-8000-00000000ad01', 15, 'minutes', 30, '00000000-0000-0000-0000-000000000000');
