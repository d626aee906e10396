"""The doctor's day: everything that waits for one doctor, ready to be served."""
