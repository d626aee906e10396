drop table note_search, note_moves, note_addenda, note_revisions, notes;
drop function refuse_removal_of_signed();
drop function guard_signed_note();
