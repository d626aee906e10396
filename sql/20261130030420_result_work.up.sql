insert into ladders (id, key, name, calendar_id, updated_by) values
    ('00000000-0000-4000-8000-00000000ad0c', 'critical-result', 'Critical result, day and night', '00000000-0000-4000-8000-00000000ca01', '00000000-0000-0000-0000-000000000000');
insert into ladder_steps (ladder_id, position, after_minutes, target, user_id, pool_id, channel) values
    ('00000000-0000-4000-8000-00000000ad0c', 1, 0, 'holder', null, null, 'page'),
    ('00000000-0000-4000-8000-00000000ad0c', 2, 10, 'on-duty', null, '00000000-0000-4000-8000-0000000000a2', 'page'),
    ('00000000-0000-4000-8000-00000000ad0c', 3, 20, 'pool', null, '00000000-0000-4000-8000-0000000000a4', 'page'),
    ('00000000-0000-4000-8000-00000000ad0c', 4, 30, 'everybody', null, null, 'page');
insert into work_types (code, kind, title, severity, pool_id, calendar_id, ladder_id, due_amount, due_unit, acknowledged_minutes, updated_by) values
    ('result.critical', 'alert', 'Critical result', 'critical', '00000000-0000-4000-8000-0000000000a2', '00000000-0000-4000-8000-00000000ca01', '00000000-0000-4000-8000-00000000ad0c', 60, 'minutes', 15, '00000000-0000-0000-0000-000000000000'),
    ('result.unacknowledged', 'alert', 'Result not acknowledged in time', 'high', '00000000-0000-4000-8000-0000000000a2', '00000000-0000-4000-8000-00000000ca02', '00000000-0000-4000-8000-00000000ad02', 240, 'working-minutes', 480, '00000000-0000-0000-0000-000000000000'),
    ('result.follow-up', 'task', 'Follow up a result', 'medium', '00000000-0000-4000-8000-0000000000a2', '00000000-0000-4000-8000-00000000ca02', '00000000-0000-4000-8000-00000000ad02', 2, 'working-days', null, '00000000-0000-0000-0000-000000000000');
