drop table icd10_codes;
drop table icd10_releases;
