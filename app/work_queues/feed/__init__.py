"""Changes of the queues as they happen, one stream for each browser."""
