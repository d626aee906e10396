drop table result_callbacks, result_acknowledgements, observations, report_versions, diagnostic_report_moves, diagnostic_reports;
