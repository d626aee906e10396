"""The history of one patient in one list, newest first."""
