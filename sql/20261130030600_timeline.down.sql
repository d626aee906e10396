drop trigger outbox_deliveries_owe_timeline on outbox_deliveries;
drop function owe_timeline();
drop table vital_signs, timeline_arrears, timeline_patients, timeline_entries;
