"""Tasks and alerts that wait for a person, and who is told when nobody acts."""
