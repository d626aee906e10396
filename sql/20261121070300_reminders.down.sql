drop table reminder_opt_outs, reminder_moves, reminders;
