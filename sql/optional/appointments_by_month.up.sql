-- Optional: appointments in one partition for each month (see docs/partitioning.md).
-- A constraint cannot reach over partitions, so what must be unique or free across all months moves
-- to a slim table of claims: one row an appointment, written by triggers in the same transaction.

create table appointment_claims (
    appointment_id uuid primary key,
    status text not null,
    practitioner_id uuid not null,
    patient_id uuid,
    room_id uuid,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    practitioner_share int4range not null,
    patient_share int4range not null,
    room_share int4range not null
);
comment on table appointment_claims is 'Whose time each appointment takes; what other tables point at once appointments are partitioned.';
insert into appointment_claims
    select id, status, practitioner_id, patient_id, room_id, starts_at, ends_at, practitioner_share, patient_share, room_share
    from appointments;

alter table encounters drop constraint encounters_appointment_id_fkey;
alter table appointment_moves drop constraint appointment_moves_appointment_id_fkey;
alter table appointment_repointings drop constraint appointment_repointings_appointment_id_fkey;
alter table waiting_list_offers drop constraint waiting_list_offers_appointment_id_fkey;
alter table reminders drop constraint reminders_appointment_id_fkey;

alter table appointments rename to appointments_whole;
create table appointments (
    like appointments_whole including defaults including generated including constraints including comments,
    primary key (id, starts_at),
    foreign key (practitioner_id) references users (id),
    foreign key (patient_id) references patients (id),
    foreign key (visit_type_id) references visit_types (id),
    foreign key (room_id) references rooms (id),
    foreign key (series_id) references appointment_series (id)
) partition by range (starts_at);
comment on table appointments is 'Planned visits and the holds of those who are just booking (FHIR Appointment). One partition a month.';
create table appointments_default partition of appointments default;

create function add_appointment_months(first date, last date) returns integer language plpgsql as $$
declare
    month date := date_trunc('month', first);
    added integer := 0;
begin
    while month <= last loop
        if to_regclass(format('appointments_%s', to_char(month, 'YYYYMM'))) is null then
            execute format(
                'create table appointments_%s partition of appointments for values from (%L) to (%L)',
                to_char(month, 'YYYYMM'),
                month::timestamp at time zone 'UTC', (month + interval '1 month')::timestamp at time zone 'UTC'
            );
            added := added + 1;
        end if;
        month := month + interval '1 month';
    end loop;
    return added;
end
$$;
comment on function add_appointment_months(date, date) is 'Adds the partitions of these months that are missing; to be called once in a while, before anybody books into them.';
select add_appointment_months(
    (select coalesce(min(starts_at), now())::date from appointments_whole),
    (select greatest(max(starts_at), now() + interval '2 years')::date from appointments_whole)
);

insert into appointments (id, status, kind, practitioner_id, patient_id, patient_name, visit_type_id, room_id, starts_at, ends_at,
        practitioner_share, patient_share, room_share, reason, expires_at, series_id, occurrence_local, override_reason, overridden,
        cancelled_by, cancellation_reason, arrived_at, roomed_at, seen_at, finished_at, created_by, booked_by, booked_at, version,
        created_at, updated_at)
    select id, status, kind, practitioner_id, patient_id, patient_name, visit_type_id, room_id, starts_at, ends_at,
        practitioner_share, patient_share, room_share, reason, expires_at, series_id, occurrence_local, override_reason, overridden,
        cancelled_by, cancellation_reason, arrived_at, roomed_at, seen_at, finished_at, created_by, booked_by, booked_at, version,
        created_at, updated_at
    from appointments_whole;
drop table appointments_whole;

create index ix_appointments_practitioner on appointments (practitioner_id, starts_at, id);
create index ix_appointments_start on appointments (starts_at, id);
create index ix_appointments_patient on appointments (patient_id, starts_at desc, id desc) where patient_id is not null;
create index ix_appointments_room on appointments (room_id, starts_at) where room_id is not null;
create index ix_appointments_series on appointments (series_id, occurrence_local) where series_id is not null;
create index ix_appointments_holds on appointments (expires_at) where status = 'pending';
create index ix_appointments_not_come on appointments (starts_at) where status = 'booked';
create index ix_appointments_changed on appointments (updated_at);

-- Named as the constraints they stand in for: whoever books reads the name.
alter table appointment_claims
    add constraint appointments_practitioner_free exclude using gist (
        uuidrange(practitioner_id, practitioner_id, '[]') with &&,
        practitioner_share with &&,
        tstzrange(starts_at, ends_at, '[)') with &&
    ) where (status in ('pending', 'booked', 'arrived', 'in-room', 'with-doctor')),
    add constraint appointments_patient_free exclude using gist (
        uuidrange(patient_id, patient_id, '[]') with &&,
        patient_share with &&,
        tstzrange(starts_at, ends_at, '[)') with &&
    ) where (patient_id is not null and status in ('pending', 'booked', 'arrived', 'in-room', 'with-doctor')),
    add constraint appointments_room_free exclude using gist (
        uuidrange(room_id, room_id, '[]') with &&,
        room_share with &&,
        tstzrange(starts_at, ends_at, '[)') with &&
    ) where (room_id is not null and status in ('pending', 'booked', 'arrived', 'in-room', 'with-doctor'));

alter table encounters add foreign key (appointment_id) references appointment_claims;
alter table appointment_moves add foreign key (appointment_id) references appointment_claims;
alter table appointment_repointings add foreign key (appointment_id) references appointment_claims;
alter table waiting_list_offers add foreign key (appointment_id) references appointment_claims;
alter table reminders add foreign key (appointment_id) references appointment_claims;

-- An insert that finds the time taken vanishes silently, as "on conflict do nothing" lets it without
-- partitions. A row that changes month arrives here too, with its claim already moved.
create function claim_appointment() returns trigger language plpgsql as $$
begin
    insert into appointment_claims values (new.id, new.status, new.practitioner_id, new.patient_id, new.room_id, new.starts_at,
        new.ends_at, new.practitioner_share, new.patient_share, new.room_share) on conflict do nothing;
    if found or exists (
        select from appointment_claims where (appointment_id, status, practitioner_id, starts_at, ends_at, practitioner_share)
            = (new.id, new.status, new.practitioner_id, new.starts_at, new.ends_at, new.practitioner_share)
    ) then
        return new;
    end if;
    return null;
end
$$;
create trigger appointments_claim before insert on appointments for each row execute function claim_appointment();

create function move_appointment_claim() returns trigger language plpgsql as $$
begin
    update appointment_claims set (status, practitioner_id, patient_id, room_id, starts_at, ends_at, practitioner_share,
            patient_share, room_share)
        = (new.status, new.practitioner_id, new.patient_id, new.room_id, new.starts_at, new.ends_at, new.practitioner_share,
            new.patient_share, new.room_share)
        where appointment_id = new.id;
    return new;
end
$$;
create trigger appointments_move_claim before update of status, practitioner_id, patient_id, room_id, starts_at, ends_at,
    practitioner_share, patient_share, room_share on appointments for each row execute function move_appointment_claim();
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
