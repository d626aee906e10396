-- Appointments and holds. The database itself refuses that anybody's time is given away twice.

create table appointment_series (
    id uuid primary key,
    patient_id uuid not null references patients (id),
    practitioner_id uuid not null references users (id),
    visit_type_id uuid not null references visit_types (id),
    room_id uuid references rooms (id),
    rrule text not null check (length(rrule) between 1 and 500),
    first_local timestamp not null,
    duration_minutes integer not null check (duration_minutes between 5 and 1440),
    reason text,
    continues uuid references appointment_series (id),
    created_by uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null default now()
);
comment on table appointment_series is 'The rule (RFC 5545) behind appointments that repeat; each occurrence is an appointment of its own.';
comment on column appointment_series.first_local is 'Wall time of the clinic: a weekly visit at nine stays at nine when the clocks change.';
comment on column appointment_series.continues is 'The series this one was split from by an edit of "this and following".';
create index ix_appointment_series_patient on appointment_series (patient_id, created_at desc);
create trigger appointment_series_touch before update on appointment_series
    for each row execute function touch_updated_at();

create table appointments (
    id uuid primary key,
    status text not null check (status in ('pending', 'booked', 'arrived', 'in-room', 'with-doctor', 'finished', 'checked-out', 'noshow', 'cancelled', 'entered-in-error')),
    kind text not null default 'booked' check (kind in ('booked', 'walk-in')),
    practitioner_id uuid not null references users (id),
    patient_id uuid references patients (id),
    patient_name text,
    visit_type_id uuid not null references visit_types (id),
    room_id uuid references rooms (id),
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    during tstzrange not null generated always as (tstzrange(starts_at, ends_at, '[)')) stored,
    practitioner_share int4range not null,
    patient_share int4range not null default int4range(0, 27720),
    room_share int4range not null default int4range(0, 27720),
    reason text check (length(reason) between 1 and 500),
    expires_at timestamptz,
    series_id uuid references appointment_series (id),
    occurrence_local timestamp,
    override_reason text check (length(override_reason) between 1 and 500),
    overridden text[] not null default '{}',
    cancelled_by text check (cancelled_by in ('patient', 'clinic', 'system')),
    cancellation_reason text check (length(cancellation_reason) between 1 and 500),
    arrived_at timestamptz,
    roomed_at timestamptz,
    seen_at timestamptz,
    finished_at timestamptz,
    created_by uuid not null,
    booked_by uuid,
    booked_at timestamptz,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null default now(),
    constraint ck_appointments_order check (ends_at > starts_at and ends_at - starts_at <= interval '24 hours'),
    constraint ck_appointments_hold check (status <> 'pending' or expires_at is not null),
    constraint ck_appointments_patient check (status in ('pending', 'cancelled') or (patient_id is not null and patient_name is not null)),
    constraint ck_appointments_overridden check (cardinality(overridden) = 0 or override_reason is not null),
    constraint appointments_practitioner_free exclude using gist (
        uuidrange(practitioner_id, practitioner_id, '[]') with &&,
        practitioner_share with &&,
        during with &&
    ) where (status in ('pending', 'booked', 'arrived', 'in-room', 'with-doctor')),
    constraint appointments_patient_free exclude using gist (
        uuidrange(patient_id, patient_id, '[]') with &&,
        patient_share with &&,
        during with &&
    ) where (patient_id is not null and status in ('pending', 'booked', 'arrived', 'in-room', 'with-doctor')),
    constraint appointments_room_free exclude using gist (
        uuidrange(room_id, room_id, '[]') with &&,
        room_share with &&,
        during with &&
    ) where (room_id is not null and status in ('pending', 'booked', 'arrived', 'in-room', 'with-doctor'))
);
comment on table appointments is 'Planned visits and the holds of those who are just booking (FHIR Appointment).';
comment on column appointments.patient_name is 'Copy for lists, kept true by facts of the patients slice.';
comment on column appointments.practitioner_share is 'What it takes of the doctor''s lanes: lane k is [27720*k, 27720*(k+1)); a visit type with n in parallel takes one n-th of a lane.';
comment on column appointments.room_share is 'What it takes of the room, likewise; a room is one lane.';
comment on column appointments.expires_at is 'A hold counts until then; whoever books over it, and a sweep, cancels it afterwards.';
comment on column appointments.occurrence_local is 'For a series: the wall time the rule gave this occurrence, wherever it was moved to (RFC 5545 RECURRENCE-ID).';
comment on column appointments.overridden is 'The rules somebody decided not to follow for this appointment: practitioner, patient, outside-hours, closed-day, not-offered.';
create index ix_appointments_practitioner on appointments (practitioner_id, starts_at, id);
create index ix_appointments_start on appointments (starts_at, id);
create index ix_appointments_patient on appointments (patient_id, starts_at desc, id desc) where patient_id is not null;
create index ix_appointments_room on appointments (room_id, starts_at) where room_id is not null;
create index ix_appointments_series on appointments (series_id, occurrence_local) where series_id is not null;
create index ix_appointments_holds on appointments (expires_at) where status = 'pending';
create index ix_appointments_not_come on appointments (starts_at) where status = 'booked';
create index ix_appointments_changed on appointments (updated_at);
create trigger appointments_touch before update on appointments for each row execute function touch_updated_at();

create table appointment_moves (
    seq bigint generated always as identity primary key,
    appointment_id uuid not null references appointments (id),
    from_status text,
    to_status text not null,
    change jsonb,
    reason text,
    undoes bigint references appointment_moves (seq),
    moved_by uuid not null,
    moved_at timestamptz not null
);
comment on table appointment_moves is 'Everything that happened to an appointment, in order: changes of state, of time, of doctor, of room.';
comment on column appointment_moves.change is 'Of a reschedule: {"from": {...}, "to": {...}} with starts_at, ends_at, practitioner_id, room_id.';
comment on column appointment_moves.undoes is 'The move this one took back.';
create index ix_appointment_moves_appointment on appointment_moves (appointment_id, seq);
create trigger appointment_moves_are_append_only before update or delete on appointment_moves
    for each row execute function refuse_change();

create table appointment_repointings (
    merge_id uuid not null,
    appointment_id uuid not null references appointments (id),
    from_patient_id uuid not null references patients (id),
    patient_share int4range not null,
    primary key (merge_id, appointment_id)
);
comment on table appointment_repointings is 'Which appointments followed a merge of two patient records, so that undoing the merge takes exactly these back.';

create table appointment_days (
    practitioner_id uuid not null references users (id),
    day date not null,
    booked integer not null default 0,
    arrived integer not null default 0,
    in_room integer not null default 0,
    with_doctor integer not null default 0,
    finished integer not null default 0,
    noshow integer not null default 0,
    cancelled integer not null default 0,
    booked_minutes integer not null default 0,
    refreshed_at timestamptz not null,
    primary key (practitioner_id, day)
);
comment on table appointment_days is 'Projection: a doctor''s day in numbers, refreshed by facts; can be dropped and rebuilt from appointments at any time.';
comment on column appointment_days.day is 'Day of the clinic''s wall time.';
create index ix_appointment_days_day on appointment_days (day, practitioner_id);

alter table encounters add column appointment_id uuid references appointments (id);
alter table encounters drop constraint encounters_kind_check;
alter table encounters add constraint encounters_kind_check check (kind in ('walk-in', 'appointment'));
alter table encounters add constraint ck_encounters_appointment check ((kind = 'appointment') = (appointment_id is not null));
comment on column encounters.appointment_id is 'The appointment this visit was planned as; null when the patient came without one.';
create index ix_encounters_appointment on encounters (appointment_id) where appointment_id is not null;
create unique index uq_encounters_appointment on encounters (appointment_id)
    where appointment_id is not null and status in ('in-progress', 'completed');
