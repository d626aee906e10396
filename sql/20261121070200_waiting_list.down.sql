drop table waiting_list_moves, waiting_list_offers, waiting_list_entries;
