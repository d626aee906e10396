drop table work_calendar_closures;
drop table work_calendar_spans;
drop table work_calendars;
