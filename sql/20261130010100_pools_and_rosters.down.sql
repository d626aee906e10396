drop table absences;
drop table duty_shifts;
drop table pool_members;
drop table pools;
