"""Private addresses for doctors' calendar programs."""
