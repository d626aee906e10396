"""Danger to a patient or by one: seen, owned, and followed until it is closed."""
