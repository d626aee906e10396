-- A doctor's day shows results nobody has acknowledged, and prescriptions and orders that were begun and not finished.
create function change_day_of_prescriber() returns trigger language plpgsql as $$
begin
    insert into day_changes (topic) select distinct prescriber_id from prescriptions
        where id in (coalesce(new.prescription_id, old.prescription_id), coalesce(old.prescription_id, new.prescription_id))
        on conflict do nothing;
    return null;
end
$$;
create function change_day_of_orderer() returns trigger language plpgsql as $$
begin
    insert into day_changes (topic) select distinct orderer_id from orders
        where id in (coalesce(new.order_id, old.order_id), coalesce(old.order_id, new.order_id))
        on conflict do nothing;
    return null;
end
$$;

create trigger diagnostic_reports_change_the_day after insert or delete on diagnostic_reports
    for each row execute function change_day('responsible_id');
create trigger diagnostic_reports_change_the_day_by_update after update on diagnostic_reports for each row when (
    (old.patient_id, old.responsible_id, old.title, old.status, old.flag, old.unacknowledged_since)
    is distinct from (new.patient_id, new.responsible_id, new.title, new.status, new.flag, new.unacknowledged_since))
    execute function change_day('responsible_id');
create trigger prescriptions_change_the_day after insert or delete on prescriptions
    for each row execute function change_day('prescriber_id');
create trigger prescriptions_change_the_day_by_update after update on prescriptions for each row when (
    (old.patient_id, old.prescriber_id, old.created_at, old.issued_at)
    is distinct from (new.patient_id, new.prescriber_id, new.created_at, new.issued_at))
    execute function change_day('prescriber_id');
create trigger prescription_items_change_the_day after insert or delete on prescription_items
    for each row execute function change_day_of_prescriber();
create trigger prescription_items_change_the_day_by_update after update on prescription_items for each row when (
    (old.prescription_id, old.status) is distinct from (new.prescription_id, new.status))
    execute function change_day_of_prescriber();
create trigger orders_change_the_day after insert or delete on orders
    for each row execute function change_day('orderer_id');
create trigger orders_change_the_day_by_update after update on orders for each row when (
    (old.patient_id, old.orderer_id, old.created_at, old.placed_at)
    is distinct from (new.patient_id, new.orderer_id, new.created_at, new.placed_at))
    execute function change_day('orderer_id');
create trigger order_items_change_the_day after insert or delete on order_items
    for each row execute function change_day_of_orderer();
create trigger order_items_change_the_day_by_update after update on order_items for each row when (
    (old.order_id, old.status) is distinct from (new.order_id, new.status))
    execute function change_day_of_orderer();

create index ix_orders_drafts on orders (orderer_id, created_at) where placed_at is null;
