drop table patients;
drop sequence patient_record_numbers;
