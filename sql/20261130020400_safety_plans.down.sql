delete from work_types where code = 'safety-plan.review';
drop table safety_plan_moves, safety_plan_versions, safety_plans, crisis_services;
drop function guard_safety_plan_version();
