drop table report_clocks;
drop table disclosures;
drop table report_readers;
drop table written_reports;
drop table report_texts;
drop table oral_reports;
drop table mandatory_report_moves;
drop table mandatory_reports;
drop table suspicions;
delete from work_types where code in ('report.due', 'report.breach')
    and not exists (select from work_items where work_items.type = work_types.code);
delete from ladder_steps where ladder_id = '00000000-0000-4000-8000-00000000ad05'
    and not exists (select from work_types where work_types.ladder_id = ladder_steps.ladder_id);
delete from ladders where id = '00000000-0000-4000-8000-00000000ad05'
    and not exists (select from work_types where work_types.ladder_id = ladders.id);
