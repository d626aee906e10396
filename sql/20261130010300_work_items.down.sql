drop table queue_events;
drop table work_item_moves;
drop table work_items;
