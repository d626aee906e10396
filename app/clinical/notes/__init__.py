"""Clinical notes: drafted from a dictation, corrected, signed, amended."""
