"""What happens between a patient and a clinician."""
