drop table recording_moves;
drop table recording_gaps;
drop table recording_chunks;
drop table recordings;
