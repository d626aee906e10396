create table reminders (
    id uuid primary key,
    appointment_id uuid not null references appointments (id),
    appointment_version integer not null,
    starts_at timestamptz not null,
    kind text not null check (length(kind) between 1 and 40),
    channel text not null check (channel in ('email', 'webhook', 'file')),
    status text not null check (status in ('planned', 'sending', 'sent', 'void', 'failed')),
    reason text check (reason in (
        'moved', 'not-booked', 'opted-out', 'no-address', 'too-late', 'overtaken', 'not-set-up',
        'refused', 'not-reached', 'unsure'
    )),
    send_at timestamptz not null,
    attempts integer not null default 0,
    claimed_at timestamptz,
    sent_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null default now(),
    constraint ck_reminders_sent check ((status = 'sent') = (sent_at is not null)),
    constraint ck_reminders_claimed check (status <> 'sending' or claimed_at is not null),
    constraint ck_reminders_reason check ((status in ('void', 'failed')) = (reason is not null))
);
comment on table reminders is 'Messages to patients about their appointment: planned when it is booked, void when it is moved or cancelled, sent once.';
comment on column reminders.appointment_version is 'Version of the appointment it was planned for.';
comment on column reminders.starts_at is 'The time it speaks of; an appointment that begins at another time is reminded of anew.';
comment on column reminders.kind is 'Which of the configured reminders, by its lead time: 48h.';
comment on column reminders.reason is 'Why nothing was sent (void), or why it is not known to have arrived (failed).';
comment on column reminders.claimed_at is 'When its sending began: a claim that is never answered is shown as failed, not sent again.';
create unique index uq_reminders_once on reminders (appointment_id, kind, channel, appointment_version) where status <> 'void';
create index ix_reminders_appointment on reminders (appointment_id, send_at);
create index ix_reminders_page on reminders (status, send_at, id);
create index ix_reminders_time on reminders (send_at, id);
create index ix_reminders_claimed on reminders (claimed_at) where status = 'sending';
create trigger reminders_touch before update on reminders for each row execute function touch_updated_at();

create table reminder_moves (
    seq bigint generated always as identity primary key,
    reminder_id uuid not null references reminders (id),
    from_status text,
    to_status text not null,
    reason text,
    moved_by uuid not null,
    moved_at timestamptz not null
);
comment on table reminder_moves is 'Every change of state of a reminder, in order.';
create index ix_reminder_moves_reminder on reminder_moves (reminder_id, seq);
create trigger reminder_moves_are_append_only before update or delete on reminder_moves
    for each row execute function refuse_change();

create table reminder_opt_outs (
    patient_id uuid primary key references patients (id),
    recorded_by uuid not null,
    recorded_at timestamptz not null
);
comment on table reminder_opt_outs is 'Patients who do not want to be reminded.';
