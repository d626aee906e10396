drop table transcription_moves;
drop table transcriptions;
