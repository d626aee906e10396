"""Who is seen when, by whom and where."""
