"""The channels a site has set up."""

from pathlib import Path

from app.infra.smtp import SmtpServer
from app.kernel.clock import Clock
from app.scheduling.reminders.channels import Channel
from app.scheduling.reminders.email_channel import EmailChannel
from app.scheduling.reminders.file_channel import FileChannel
from app.scheduling.reminders.webhook_channel import WebhookChannel
from app.scheduling.rules import ReminderChannel


def open_channels(
    folder: Path,
    clock: Clock,
    *,
    smtp: SmtpServer | None = None,
    sender: str | None = None,
    webhook_url: str | None = None,
) -> dict[ReminderChannel, Channel]:
    """A channel for everything that is named; the file in `folder` needs nothing else."""
    channels: dict[ReminderChannel, Channel] = {ReminderChannel.FILE: FileChannel(folder, clock)}
    if smtp is not None and sender is not None:
        channels[ReminderChannel.EMAIL] = EmailChannel(smtp, sender, clock)
    if webhook_url is not None:
        channels[ReminderChannel.WEBHOOK] = WebhookChannel(webhook_url)
    return channels
