drop table patient_merges;
drop trigger patients_merge_flat on patients;
drop function refuse_merge_chains();
alter table patients drop column merged_into;
