"""When somebody can be seen: rooms, visit types, weekly hours, exceptions."""
