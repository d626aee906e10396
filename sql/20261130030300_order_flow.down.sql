delete from work_types where code = 'order.collect';
drop index ix_orders_created_by, ix_order_items_patient;
alter table order_items
    drop constraint ck_order_items_duplicate,
    drop constraint ck_order_items_collected,
    drop column specimen,
    drop column fasting_hours,
    drop column wanted_on,
    drop column duplicate_of,
    drop column duplicate_reason,
    drop column activated_at,
    drop column collected_by,
    drop column collected_at;
