drop table report_rules;
