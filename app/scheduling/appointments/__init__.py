"""Planned visits and holds: booked, moved, followed through the day; never sold twice."""
