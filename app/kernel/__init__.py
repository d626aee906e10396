"""Words every slice uses."""
