alter table encounters drop constraint ck_encounters_appointment;
drop index uq_encounters_appointment;
update encounters set kind = 'walk-in' where kind = 'appointment';
alter table encounters drop column appointment_id;
alter table encounters drop constraint encounters_kind_check;
alter table encounters add constraint encounters_kind_check check (kind in ('walk-in'));
drop table appointment_days, appointment_repointings, appointment_moves, appointments, appointment_series;
