drop table recording_consents;
drop table encounter_moves;
drop table encounters;
