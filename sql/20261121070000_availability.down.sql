drop table availability_exceptions, weekly_hour_spans, weekly_hours, practitioner_schedules, visit_type_practitioners, visit_types, rooms;
drop type uuidrange;
