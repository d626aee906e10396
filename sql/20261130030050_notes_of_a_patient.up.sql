create index ix_note_search_patient on note_search (patient_id, sorted_at desc, note_id desc);
