"""What supervisors look at: how much waits, how it flows, what will breach."""
