"""Alerts: triggered, acknowledged by somebody who answers for them, resolved."""
