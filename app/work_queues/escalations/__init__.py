"""Climbing a ladder: who is told when nobody acts, each step once."""
