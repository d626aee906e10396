drop index ix_note_search_patient;
