create table diagnostic_reports (
    id uuid primary key,
    patient_id uuid not null references patients (id),
    order_item_id uuid references order_items (id),
    responsible_id uuid not null references users (id),
    kind text not null check (kind in ('lab', 'imaging', 'other')),
    title text not null check (length(title) between 1 and 200),
    status text not null check (status in ('registered', 'preliminary', 'final', 'corrected', 'cancelled', 'entered-in-error')),
    flag text check (flag in ('not-judged', 'normal', 'abnormal', 'low', 'high', 'critical', 'critical-low', 'critical-high')),
    versions integer not null default 0 check (versions >= 0),
    reported_at timestamptz not null,
    unacknowledged_since timestamptz,
    source text not null check (source in ('hand', 'file', 'api')),
    external_id text check (length(external_id) between 1 and 200),
    created_by uuid not null,
    created_at timestamptz not null,
    constraint uq_diagnostic_reports_external unique (source, external_id),
    constraint ck_diagnostic_reports_versions check (
        status in ('cancelled', 'entered-in-error') or (versions = 0) = (status = 'registered')),
    constraint ck_diagnostic_reports_waiting check (
        unacknowledged_since is null or status in ('preliminary', 'final', 'corrected'))
);
comment on table diagnostic_reports is 'Results as they came back: headers. What was reported stands in report_versions and never changes.';
comment on column diagnostic_reports.flag is 'The gravest of the version that counts; null before there is one.';
comment on column diagnostic_reports.reported_at is 'When the version that counts was issued: lists go by it.';
comment on column diagnostic_reports.unacknowledged_since is 'Since when the version that counts waits for the responsible doctor; null: nobody has to.';
create index ix_diagnostic_reports_patient on diagnostic_reports (patient_id, reported_at desc, id desc);
create index ix_diagnostic_reports_order_item on diagnostic_reports (order_item_id) where order_item_id is not null;
create index ix_diagnostic_reports_waiting on diagnostic_reports (responsible_id, unacknowledged_since, id) where unacknowledged_since is not null;
create index ix_diagnostic_reports_overdue on diagnostic_reports (unacknowledged_since, id) where unacknowledged_since is not null;

create table diagnostic_report_moves (
    seq bigint generated always as identity primary key,
    report_id uuid not null references diagnostic_reports (id),
    from_status text,
    to_status text not null,
    reason text,
    moved_by uuid not null,
    moved_at timestamptz not null
);
comment on table diagnostic_report_moves is 'Every change of state of a report, in order.';
create index ix_diagnostic_report_moves_report on diagnostic_report_moves (report_id, seq);
create trigger diagnostic_report_moves_are_append_only before update or delete on diagnostic_report_moves
    for each row execute function refuse_change();
create trigger diagnostic_report_moves_stay before truncate on diagnostic_report_moves
    for each statement execute function refuse_change();

create table report_versions (
    report_id uuid not null references diagnostic_reports (id),
    number integer not null check (number > 0),
    status text not null check (status in ('preliminary', 'final', 'corrected')),
    conclusion text check (length(conclusion) between 1 and 10000),
    flag text not null check (flag in ('not-judged', 'normal', 'abnormal', 'low', 'high', 'critical', 'critical-low', 'critical-high')),
    collected_at timestamptz,
    issued_at timestamptz not null,
    content_sha256 text not null check (length(content_sha256) = 64),
    reported_by uuid not null,
    reported_at timestamptz not null,
    primary key (report_id, number),
    constraint uq_report_versions_content unique (report_id, content_sha256)
);
comment on table report_versions is 'What was reported, each time it was; nothing in it changes ever again.';
comment on column report_versions.content_sha256 is 'Of what was sent: the same sent again is the same version.';
create trigger report_versions_are_append_only before update or delete on report_versions
    for each row execute function refuse_change();
create trigger report_versions_stay before truncate on report_versions
    for each statement execute function refuse_change();

create table observations (
    report_id uuid not null,
    number integer not null,
    position integer not null check (position between 1 and 500),
    patient_id uuid not null references patients (id),
    code text check (length(code) between 1 and 40),
    name text not null check (length(name) between 1 and 200),
    comparator text check (comparator in ('<', '<=', '>', '>=')),
    value_number numeric,
    value_text text check (length(value_text) between 1 and 2000),
    unit text check (length(unit) between 1 and 40),
    low numeric,
    high numeric,
    critical_low numeric,
    critical_high numeric,
    range_text text check (length(range_text) between 1 and 200),
    range_source text check (length(range_source) between 1 and 300),
    flag text not null check (flag in ('not-judged', 'normal', 'abnormal', 'low', 'high', 'critical', 'critical-low', 'critical-high')),
    unjudged_because text check (unjudged_because in ('no-range', 'unit-differs', 'unit-missing', 'not-a-number', 'sex-matters', 'limit-within-range')),
    observed_at timestamptz not null,
    primary key (report_id, number, position),
    foreign key (report_id, number) references report_versions (report_id, number),
    constraint ck_observations_value check (num_nonnulls(value_number, value_text) = 1),
    constraint ck_observations_comparator check (comparator is null or value_number is not null),
    constraint ck_observations_unjudged check ((flag = 'not-judged') = (unjudged_because is not null))
);
comment on table observations is 'The values of a version, each with the range it was judged by; append-only.';
comment on column observations.range_source is 'The laboratory''s own range, or where the one in reference_ranges comes from; null: there was none.';
create index ix_observations_trend on observations (patient_id, code, observed_at) where code is not null;
create trigger observations_are_append_only before update or delete on observations
    for each row execute function refuse_change();
create trigger observations_stay before truncate on observations
    for each statement execute function refuse_change();

create table result_acknowledgements (
    report_id uuid not null,
    number integer not null,
    decision text not null check (decision in ('no-action', 'repeat', 'treatment', 'referral', 'tell-patient', 'other')),
    note text check (length(note) between 1 and 1000),
    follow_up_task_id uuid references work_items (id),
    acknowledged_by uuid not null references users (id),
    acknowledged_at timestamptz not null,
    primary key (report_id, number),
    foreign key (report_id, number) references report_versions (report_id, number)
);
comment on table result_acknowledgements is 'Who has seen a version and what was decided; written once, a newer version asks again.';
create index ix_result_acknowledgements_task on result_acknowledgements (follow_up_task_id) where follow_up_task_id is not null;
create trigger result_acknowledgements_are_append_only before update or delete on result_acknowledgements
    for each row execute function refuse_change();
create trigger result_acknowledgements_stay before truncate on result_acknowledgements
    for each statement execute function refuse_change();

create table result_callbacks (
    id uuid primary key,
    report_id uuid not null,
    number integer not null,
    told_user_id uuid references users (id),
    told_name text check (length(told_name) between 1 and 200),
    told_at timestamptz not null,
    read_back text not null check (read_back in ('yes', 'no')),
    remark text check (length(remark) between 1 and 1000),
    corrects_id uuid unique references result_callbacks (id),
    called_by uuid not null references users (id),
    recorded_at timestamptz not null,
    foreign key (report_id, number) references report_versions (report_id, number),
    constraint ck_result_callbacks_told check (num_nonnulls(told_user_id, told_name) = 1),
    constraint ck_result_callbacks_time check (told_at <= recorded_at),
    constraint ck_result_callbacks_self check (corrects_id <> id)
);
comment on table result_callbacks is 'Who was told a result, when, and whether they read it back (NPSG.02.03.01); written once, what was wrong is corrected by a new row.';
create index ix_result_callbacks_version on result_callbacks (report_id, number, recorded_at);
create trigger result_callbacks_are_append_only before update or delete on result_callbacks
    for each row execute function refuse_change();
create trigger result_callbacks_stay before truncate on result_callbacks
    for each statement execute function refuse_change();
