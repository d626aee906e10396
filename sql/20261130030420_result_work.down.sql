delete from work_types where code in ('result.critical', 'result.unacknowledged', 'result.follow-up');
delete from ladder_steps where ladder_id = '00000000-0000-4000-8000-00000000ad0c';
delete from ladders where id = '00000000-0000-4000-8000-00000000ad0c';
