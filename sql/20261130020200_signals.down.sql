update work_items set type = 'alert' where type = 'crisis.signal';
delete from work_types where code = 'crisis.signal';
drop table signal_moves, signals;
