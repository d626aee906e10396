"""The list of what a patient suffers from, coded where somebody chose a code."""
