"""The server-rendered site over the same services as the API."""
