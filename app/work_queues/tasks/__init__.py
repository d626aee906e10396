"""Tasks from people and from facts: templates, checklists, recurrence, what they wait for."""
