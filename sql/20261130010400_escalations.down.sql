drop table notices;
drop table escalations;
