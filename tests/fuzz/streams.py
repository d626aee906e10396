"""Which addresses answer with a stream that does not end."""

from typing import Any

EVENT_STREAM = "text/event-stream"


def streams(description: dict[str, Any]) -> set[str]:
    """Their paths, as the description of the API has them."""
    return {
        path
        for path, verbs in description["paths"].items()
        if EVENT_STREAM
        in verbs.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
    }
