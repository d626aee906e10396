"""Dr. Assistant: dictate, check, sign."""
