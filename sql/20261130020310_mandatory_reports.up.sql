create table suspicions (
    id uuid primary key,
    reporter_id uuid not null references users (id),
    patient_id uuid not null references patients (id),
    kind text not null check (kind in (
        'child-abuse', 'elder-abuse', 'elder-abuse-facility-physical', 'elder-abuse-facility-dementia',
        'assaultive-injury', 'threat-to-victim', 'firearm-threat')),
    jurisdiction text not null check (jurisdiction ~ '^[A-Z]{2}-[A-Z0-9]{1,3}$'),
    formed_at timestamptz not null,
    encounter_id uuid references encounters (id),
    signal_id uuid,
    reasons text not null check (length(reasons) between 1 and 2000),
    entered_at timestamptz not null,
    constraint ck_suspicions_past check (formed_at <= entered_at)
);
comment on table suspicions is 'That somebody suspects something the law wants reported; the duty is theirs in person and stays it.';
comment on column suspicions.formed_at is 'When the information was received or the suspicion formed: every clock starts here.';
create index ix_suspicions_patient on suspicions (patient_id);
create trigger suspicions_are_append_only before update or delete on suspicions
    for each row execute function refuse_change();

create table mandatory_reports (
    id uuid primary key,
    suspicion_id uuid not null references suspicions (id),
    rule_id uuid not null references report_rules (id),
    reporter_id uuid not null references users (id),
    status text not null check (status in ('open', 'oral-made', 'filed', 'filed-late', 'not-required')),
    oral_due_at timestamptz,
    written_due_at timestamptz,
    turn_at timestamptz not null,
    version integer not null default 1,
    created_at timestamptz not null,
    closed_at timestamptz,
    updated_at timestamptz not null default now(),
    constraint uq_mandatory_reports_rule unique (suspicion_id, rule_id),
    constraint ck_mandatory_reports_legs check (oral_due_at is not null or written_due_at is not null),
    constraint ck_mandatory_reports_closed check ((status in ('filed', 'filed-late', 'not-required')) = (closed_at is not null))
);
comment on table mandatory_reports is 'One report that is due by one version of a rule; seen by its reporter, compliance and people named, and nobody else.';
comment on column mandatory_reports.turn_at is 'The next deadline while it is open, then when it was closed: the order of lists.';
create index ix_mandatory_reports_reporter on mandatory_reports (reporter_id, turn_at, id);
create index ix_mandatory_reports_open on mandatory_reports (turn_at, id) where closed_at is null;
create index ix_mandatory_reports_closed on mandatory_reports (turn_at desc, id desc) where closed_at is not null;
create trigger mandatory_reports_touch before update on mandatory_reports for each row execute function touch_updated_at();
create trigger mandatory_reports_keep_their_duty
    before update of suspicion_id, rule_id, reporter_id, oral_due_at, written_due_at, created_at on mandatory_reports
    for each row execute function refuse_change();
create trigger mandatory_reports_stay before delete on mandatory_reports
    for each row execute function refuse_change();

create table mandatory_report_moves (
    seq bigint generated always as identity primary key,
    report_id uuid not null references mandatory_reports (id),
    from_status text,
    to_status text not null,
    reason text check (length(reason) between 1 and 1000),
    moved_by uuid not null,
    moved_at timestamptz not null
);
comment on table mandatory_report_moves is 'Every change of state of a report, in order.';
create index ix_mandatory_report_moves_report on mandatory_report_moves (report_id, seq);
create trigger mandatory_report_moves_are_append_only before update or delete on mandatory_report_moves
    for each row execute function refuse_change();

create table oral_reports (
    id uuid primary key,
    report_id uuid not null references mandatory_reports (id),
    recipient text not null check (length(recipient) between 1 and 200),
    spoken_to text check (length(spoken_to) between 1 and 200),
    reference text check (length(reference) between 1 and 100),
    called_at timestamptz not null,
    logged_by uuid not null references users (id),
    logged_at timestamptz not null,
    constraint ck_oral_reports_past check (called_at <= logged_at)
);
comment on table oral_reports is 'Calls that were made: whom, when, and the number they gave.';
create index ix_oral_reports_report on oral_reports (report_id, called_at);
create trigger oral_reports_are_append_only before update or delete on oral_reports
    for each row execute function refuse_change();

create table report_texts (
    report_id uuid not null references mandatory_reports (id),
    version integer not null check (version >= 1),
    document_id uuid not null unique,
    content_sha256 text not null check (content_sha256 ~ '^[0-9a-f]{64}$'),
    origin text not null check (origin in ('drafted', 'typed')),
    written_by uuid not null references users (id),
    written_at timestamptz not null,
    primary key (report_id, version)
);
comment on table report_texts is 'Which text of a report was when; the words are a document in Mongo, written once.';
create trigger report_texts_are_append_only before update or delete on report_texts
    for each row execute function refuse_change();

create table written_reports (
    report_id uuid primary key references mandatory_reports (id),
    text_version integer not null,
    recipients text[] not null check (cardinality(recipients) between 1 and 10),
    form text check (length(form) between 1 and 200),
    channel text not null check (channel in ('fax', 'mail', 'internet-tool', 'e-mail', 'in-person')),
    reference text check (length(reference) between 1 and 100),
    sent_at timestamptz not null,
    filed_by uuid not null references users (id),
    filed_at timestamptz not null,
    constraint fk_written_reports_text foreign key (report_id, text_version) references report_texts (report_id, version),
    constraint ck_written_reports_past check (sent_at <= filed_at)
);
comment on table written_reports is 'The written report as it was filed: which text, to whom, how and when; once for each report.';
create trigger written_reports_are_append_only before update or delete on written_reports
    for each row execute function refuse_change();

create table report_readers (
    report_id uuid not null references mandatory_reports (id),
    user_id uuid not null references users (id),
    reason text not null check (length(reason) between 1 and 500),
    named_by uuid not null references users (id),
    named_at timestamptz not null,
    primary key (report_id, user_id)
);
comment on table report_readers is 'Who else may see a report, named by its reporter or by compliance.';
create index ix_report_readers_user on report_readers (user_id, report_id);
create trigger report_readers_are_append_only before update or delete on report_readers
    for each row execute function refuse_change();

create table disclosures (
    id uuid primary key,
    patient_id uuid not null references patients (id),
    report_id uuid not null references mandatory_reports (id),
    leg text not null check (leg in ('oral', 'written')),
    disclosed_at timestamptz not null,
    recipient text not null check (length(recipient) between 1 and 200),
    what text not null check (length(what) between 1 and 500),
    why text not null check (length(why) between 1 and 500),
    recorded_at timestamptz not null
);
comment on table disclosures is 'The accounting of disclosures (45 CFR 164.528): when, to whom, what and why; written by what discloses.';
create index ix_disclosures_patient on disclosures (patient_id, disclosed_at desc, id desc);
create index ix_disclosures_report on disclosures (report_id);
create trigger disclosures_are_append_only before update or delete on disclosures
    for each row execute function refuse_change();

create table report_clocks (
    id uuid primary key,
    report_id uuid not null references mandatory_reports (id),
    leg text not null check (leg in ('oral', 'written')),
    mark text not null check (mark in ('half', 'most', 'breach')),
    status text not null check (status in ('planned', 'fired', 'voided')),
    fire_at timestamptz not null,
    settled_at timestamptz,
    constraint uq_report_clocks_mark unique (report_id, leg, mark),
    constraint ck_report_clocks_settled check ((status = 'planned') = (settled_at is null))
);
comment on table report_clocks is 'When half and four fifths of the time are over, and when all of it is: each fired once or voided, never both.';
create index ix_report_clocks_due on report_clocks (fire_at, report_id) where status = 'planned';
create index ix_report_clocks_report on report_clocks (report_id, fire_at);

insert into ladders (id, key, name, calendar_id, updated_by) values
    ('00000000-0000-4000-8000-00000000ad05', 'mandatory-report', 'Mandatory reports that are late', '00000000-0000-4000-8000-00000000ca01', '00000000-0000-0000-0000-000000000000')
    on conflict do nothing;
insert into ladder_steps (ladder_id, position, after_minutes, target, user_id, pool_id, channel) values
    ('00000000-0000-4000-8000-00000000ad05', 1, 0, 'on-duty', null, '00000000-0000-4000-8000-0000000000a5', 'page'),
    ('00000000-0000-4000-8000-00000000ad05', 2, 60, 'pool', null, '00000000-0000-4000-8000-0000000000a5', 'page')
    on conflict do nothing;
insert into work_types (code, kind, title, severity, pool_id, calendar_id, ladder_id, due_amount, due_unit, acknowledged_minutes, updated_by) values
    ('report.due', 'task', 'A mandatory report is due', 'high', '00000000-0000-4000-8000-0000000000a5', '00000000-0000-4000-8000-00000000ca01', null, null, null, null, '00000000-0000-0000-0000-000000000000'),
    ('report.breach', 'alert', 'A mandatory report is due', 'critical', '00000000-0000-4000-8000-0000000000a5', '00000000-0000-4000-8000-00000000ca01', '00000000-0000-4000-8000-00000000ad05', null, null, 240, '00000000-0000-0000-0000-000000000000')
    on conflict do nothing;
