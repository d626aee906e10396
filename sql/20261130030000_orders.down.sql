drop table order_item_moves, order_items, orders, orderables;
