delete from work_types where code in ('access.break-glass', 'access.review');
drop table break_glass_reviews, break_glass_grants, restriction_exceptions, patient_restrictions;
drop function guard_grant();
drop function guard_restriction();
