create table reminders (
    id uuid primary key,
    appointment_id uuid not null references appointments (id),
    appointment_version integer not null,
    kind text not null check (length(kind) between 1 and 40),
    channel text not null check (channel in ('email', 'webhook', 'file')),
    status text not null check (status in ('planned', 'sending', 'sent', 'void', 'failed')),
    send_at timestamptz not null,
    attempts integer not null default 0,
    void_reason text,
    sent_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null default now(),
    constraint uq_reminders_once unique (appointment_id, kind, channel, appointment_version),
    constraint ck_reminders_sent check ((status = 'sent') = (sent_at is not null))
);
comment on table reminders is 'Messages to patients about their appointment: planned when it is booked, void when it is moved or cancelled, sent once.';
comment on column reminders.appointment_version is 'Version of the time it speaks of: a moved appointment plans anew and voids the rest.';
comment on column reminders.kind is 'Which of the configured reminders, by its lead time: 48h.';
create index ix_reminders_due on reminders (send_at) where status = 'planned';
create index ix_reminders_sending on reminders (updated_at) where status = 'sending';
create trigger reminders_touch before update on reminders for each row execute function touch_updated_at();

create table reminder_opt_outs (
    patient_id uuid primary key references patients (id),
    recorded_by uuid not null,
    recorded_at timestamptz not null
);
comment on table reminder_opt_outs is 'Patients who do not want to be reminded.';
