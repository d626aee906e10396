"""How passwords are kept where they are real."""

from argon2 import extract_parameters

from app.identity import passwords


def test_a_password_costs_whoever_steals_its_hash_as_much_as_is_recommended() -> None:
    """OWASP, Password Storage Cheat Sheet: 19 MiB and two rounds at least."""
    asked = extract_parameters(passwords.NOBODY)  # hashed as the site hashes, before any test
    assert asked.type.name == "ID"
    assert asked.memory_cost >= 19 * 1024
    assert asked.time_cost >= 2
