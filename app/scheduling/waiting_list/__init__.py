"""Patients who would come sooner, and the freed times they are offered."""
