"""What a site may set, from the environment or an .env file."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.infra.smtp import SmtpServer
from app.scheduling.rules import ReminderChannel, ReminderPlan, SchedulingRules

MOST_WEB_PROCESSES = 4  # unless more are asked for


class Settings(BaseSettings):
    """Store URLs keep their usual names; everything of our own begins with DRA_."""

    model_config = SettingsConfigDict(
        env_prefix="DRA_",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        populate_by_name=True,
        hide_input_in_errors=True,  # addresses of stores and mail servers hold passwords
    )

    database_url: str | None = Field(None, validation_alias="DATABASE_URL")
    mongo_url: str | None = Field(None, validation_alias="MONGO_URL")
    redis_url: str | None = Field(None, validation_alias="REDIS_URL")

    environment: Literal["development", "test", "production"] = "development"
    data_dir: Path = Path(".dra")
    time_zone: str = Field("UTC", description="where the clinic is, such as Europe/Vienna")
    jurisdiction: str = Field(
        "US-CA",
        pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$",
        description="whose law says what has to be reported, such as US-CA",
    )
    host: str = "127.0.0.1"
    port: int = 8800
    web_processes: int = Field(
        default_factory=lambda: min(MOST_WEB_PROCESSES, os.cpu_count() or 1),
        ge=1,
        le=32,
        description="web processes that share one address",
    )
    workers: int = Field(1, ge=0, le=32, description="transcription workers beside the site")
    allowed_hosts: list[str] = ["*"]
    secure_cookies: bool = Field(
        default=False, description="set where the site is served over https"
    )

    trusted_proxies: str = Field(
        "127.0.0.1", description="addresses or networks whose X-Forwarded-For is believed"
    )
    metrics_token: str | None = None

    speech_model: str | None = Field(
        None, description="demo, a local folder, or a hub name; required in production"
    )
    speech_memory_mib: int = Field(
        4096, ge=0, description="address space of one speech engine; 0 is unbounded"
    )
    speech_threads: int = Field(1, ge=1, le=64, description="cores of one speech engine")
    max_recording_hours: float = Field(3, gt=0, le=24)
    max_recording_bytes: int = Field(500_000_000, gt=0)
    abandoned_after_minutes: int = Field(120, ge=1)

    hold_minutes: int = Field(5, ge=1, le=60, description="how long a time is held while booking")
    offer_minutes: int = Field(
        120, ge=5, le=10080, description="how long a freed time is held for who waits"
    )
    offer_notice_minutes: int = Field(
        30, ge=0, le=1440, description="a freed time that begins sooner is offered to nobody"
    )
    no_show_after_minutes: int = Field(
        60, ge=5, le=1440, description="after the start, when nobody has come; reversible that day"
    )
    feed_initials: bool = Field(
        default=False, description="patients' initials in calendar feeds instead of nothing"
    )

    break_glass_minutes: int = Field(
        60, ge=1, le=1440, description="how long whoever broke the glass sees a restricted patient"
    )

    result_ageing_days: int = Field(
        3, ge=1, le=60, description="a result nobody has acknowledged is marked as ageing"
    )
    result_overdue_days: int = Field(
        7, ge=1, le=90, description="a result nobody has acknowledged raises an alert"
    )

    clinic_name: str | None = Field(
        None, min_length=1, max_length=100, description="as patients read it in reminders"
    )
    clinic_phone: str | None = Field(
        None, min_length=3, max_length=40, description="where patients call who cannot come"
    )
    reminders: list[str] = Field(
        ["48h:file"], description="how long before, by which way: email, webhook or file"
    )
    smtp_url: str | None = Field(
        None, description="smtp+starttls://user:password@host:587, smtps://... or smtp://host"
    )
    reminder_from: str | None = Field(
        None,
        max_length=254,
        pattern=r"^[^@\s]+@[^@\s]+$",
        description="the sender of reminders by e-mail",
    )
    reminder_webhook_url: str | None = Field(
        None, pattern=r"^https?://[^\s/]+", description="where reminders are posted as JSON"
    )

    @field_validator("time_zone")
    @classmethod
    def must_be_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("name a time zone of the IANA list, such as Europe/Vienna") from error
        return name

    @field_validator("smtp_url")
    @classmethod
    def must_be_a_mail_server(cls, url: str | None) -> str | None:
        if url is not None:
            SmtpServer.parse(url)
        return url

    @model_validator(mode="after")
    def reminders_must_be_sendable(self) -> Self:
        """Better no start than a reminder that is never sent."""
        plans = [ReminderPlan.parse(written) for written in self.reminders]
        if len({(plan.lead, plan.channel) for plan in plans}) < len(plans):
            raise ValueError("DRA_REMINDERS names the same reminder twice")
        needed = {
            ReminderChannel.EMAIL: {
                "DRA_SMTP_URL": self.smtp_url,
                "DRA_REMINDER_FROM": self.reminder_from,
            },
            ReminderChannel.WEBHOOK: {"DRA_REMINDER_WEBHOOK_URL": self.reminder_webhook_url},
            ReminderChannel.FILE: {},
        }
        for plan in plans:
            if missing := [name for name, value in needed[plan.channel].items() if not value]:
                raise ValueError(f"reminders by {plan.channel} need {' and '.join(missing)}")
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def scheduling_rules(self) -> SchedulingRules:
        return SchedulingRules(
            hold_for=timedelta(minutes=self.hold_minutes),
            offer_for=timedelta(minutes=self.offer_minutes),
            offer_notice=timedelta(minutes=self.offer_notice_minutes),
            no_show_after=timedelta(minutes=self.no_show_after_minutes),
            feed_initials=self.feed_initials,
            reminders=tuple(ReminderPlan.parse(written) for written in self.reminders),
        )

    @property
    def effective_speech_model(self) -> str | None:
        """The demo model is a default only where nobody documents real patients."""
        if self.speech_model is None and self.environment != "production":
            return "demo"
        return self.speech_model
