"""Medicines prescribed: checked, issued, held, stopped, renewed."""
