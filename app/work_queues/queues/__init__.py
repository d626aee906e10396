"""The queues as people see them: filters, counts, views, and whatever is next."""
