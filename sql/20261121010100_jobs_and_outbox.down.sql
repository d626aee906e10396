drop table idempotency_keys;
drop table outbox_deliveries;
drop table outbox;
drop trigger tg_pgqueuer_changed on pgqueuer;
drop function fn_pgqueuer_changed();
drop table pgqueuer, pgqueuer_log, pgqueuer_schedules, pgqueuer_statistics;
drop type pgqueuer_status;
