"""What a typed text may hold: no control characters, nothing that reorders or hides letters."""

INVISIBLE = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069"

# Written so that Python, JavaScript and Rust read the same: they stand in the API description.
ONE_LINE = rf"^[^\t\n\r{INVISIBLE}]*$"
SEVERAL_LINES = rf"^[^{INVISIBLE}]*$"
