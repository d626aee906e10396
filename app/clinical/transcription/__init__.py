"""Recordings become words with times."""
