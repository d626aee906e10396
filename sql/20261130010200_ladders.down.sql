drop table work_types;
drop table ladder_steps;
drop table ladders;
