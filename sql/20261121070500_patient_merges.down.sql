drop table patient_merges;
alter table patients drop column merged_into;
