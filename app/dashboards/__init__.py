"""What is read all day, prepared: the doctor's day and the patient's history."""
