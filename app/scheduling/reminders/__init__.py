"""Messages to patients about their appointments: planned, voided, sent once."""
