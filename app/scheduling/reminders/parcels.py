"""A reminder as JSON, for programs."""

from typing import Any

from app.scheduling.reminders.messages import Message


def parcel_of(message: Message) -> dict[str, Any]:
    """What leaves the house: where to, and what the patient will read. Times in ISO 8601."""
    return {
        "id": str(message.id),
        "appointment_id": str(message.appointment_id),
        "kind": message.kind,
        "to": {"email": message.email, "phone": message.phone},
        "subject": message.subject,
        "text": message.text,
        "starts_at": message.starts_at.isoformat(),
        "starts_local": message.starts_at.astimezone(message.zone).isoformat(),
        "time_zone": message.zone.key,
    }
