drop table order_set_items, order_sets;
