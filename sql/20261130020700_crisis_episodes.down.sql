drop table crisis_steps;
drop table crisis_entries;
drop table crisis_episodes;
drop table crisis_signal_rules;
drop table crisis_step_rules;
delete from work_types where code in ('crisis.step', 'crisis.review', 'crisis.unowned', 'crisis.overdue');
