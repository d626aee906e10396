drop table reminder_opt_outs, reminders;
