-- Back to one table that holds its own constraints.

alter table encounters drop constraint encounters_appointment_id_fkey;
alter table appointment_moves drop constraint appointment_moves_appointment_id_fkey;
alter table appointment_repointings drop constraint appointment_repointings_appointment_id_fkey;
alter table waiting_list_offers drop constraint waiting_list_offers_appointment_id_fkey;
alter table reminders drop constraint reminders_appointment_id_fkey;
alter table appointment_claims
    drop constraint appointments_practitioner_free,
    drop constraint appointments_patient_free,
    drop constraint appointments_room_free;
alter table appointments rename to appointments_by_month;
drop index ix_appointments_practitioner, ix_appointments_start, ix_appointments_patient, ix_appointments_room,
    ix_appointments_series, ix_appointments_holds, ix_appointments_not_come, ix_appointments_changed;
alter table appointments_by_month rename constraint appointments_pkey1 to appointments_by_month_pkey;

create table appointments (
    like appointments_by_month including defaults including generated including constraints including comments,
    primary key (id),
    foreign key (practitioner_id) references users (id),
    foreign key (patient_id) references patients (id),
    foreign key (visit_type_id) references visit_types (id),
    foreign key (room_id) references rooms (id),
    foreign key (series_id) references appointment_series (id),
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
insert into appointments (id, status, kind, practitioner_id, patient_id, patient_name, visit_type_id, room_id, starts_at, ends_at,
        practitioner_share, patient_share, room_share, reason, expires_at, series_id, occurrence_local, override_reason, overridden,
        cancelled_by, cancellation_reason, arrived_at, roomed_at, seen_at, finished_at, created_by, booked_by, booked_at, version,
        created_at, updated_at)
    select id, status, kind, practitioner_id, patient_id, patient_name, visit_type_id, room_id, starts_at, ends_at,
        practitioner_share, patient_share, room_share, reason, expires_at, series_id, occurrence_local, override_reason, overridden,
        cancelled_by, cancellation_reason, arrived_at, roomed_at, seen_at, finished_at, created_by, booked_by, booked_at, version,
        created_at, updated_at
    from appointments_by_month;
drop table appointments_by_month;
drop function claim_appointment();
drop function move_appointment_claim();
drop function add_appointment_months(date, date);
drop table appointment_claims;

create index ix_appointments_practitioner on appointments (practitioner_id, starts_at, id);
create index ix_appointments_start on appointments (starts_at, id);
create index ix_appointments_patient on appointments (patient_id, starts_at desc, id desc) where patient_id is not null;
create index ix_appointments_room on appointments (room_id, starts_at) where room_id is not null;
create index ix_appointments_series on appointments (series_id, occurrence_local) where series_id is not null;
create index ix_appointments_holds on appointments (expires_at) where status = 'pending';
create index ix_appointments_not_come on appointments (starts_at) where status = 'booked';
create index ix_appointments_changed on appointments (updated_at);
alter table encounters add foreign key (appointment_id) references appointments;
alter table appointment_moves add foreign key (appointment_id) references appointments;
alter table appointment_repointings add foreign key (appointment_id) references appointments;
alter table waiting_list_offers add foreign key (appointment_id) references appointments;
alter table reminders add foreign key (appointment_id) references appointments;
create trigger appointments_touch before update on appointments for each row execute function touch_updated_at();
create trigger appointments_change_the_day after insert or delete on appointments
    for each row execute function change_day('practitioner_id');
create trigger appointments_change_the_day_by_update after update on appointments for each row when (
    (old.status, old.kind, old.practitioner_id, old.patient_id, old.visit_type_id, old.room_id, old.starts_at, old.ends_at, old.reason,
        old.arrived_at, old.roomed_at, old.seen_at, old.finished_at, old.override_reason, old.series_id)
    is distinct from
    (new.status, new.kind, new.practitioner_id, new.patient_id, new.visit_type_id, new.room_id, new.starts_at, new.ends_at, new.reason,
        new.arrived_at, new.roomed_at, new.seen_at, new.finished_at, new.override_reason, new.series_id))
    execute function change_day('practitioner_id');
