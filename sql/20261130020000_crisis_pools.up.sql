insert into pools (id, key, name, role, updated_by) values
    ('00000000-0000-4000-8000-0000000000a5', 'compliance', 'Compliance', null, '00000000-0000-0000-0000-000000000000'),
    ('00000000-0000-4000-8000-0000000000a6', 'privacy', 'Privacy', null, '00000000-0000-0000-0000-000000000000');
