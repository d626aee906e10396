"""Reminders posted to an address of the site, such as a gateway for text messages."""

from http import HTTPStatus

import httpx2

from app.scheduling.reminders.channels import NotReached, Refused, Unsure
from app.scheduling.reminders.messages import Message
from app.scheduling.reminders.parcels import parcel_of

TIMEOUT_SECONDS = 20.0
TRY_AGAIN = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


class WebhookChannel:
    """One POST for each reminder, with its id as `Idempotency-Key`."""

    def __init__(self, url: str, *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._url, self._timeout_seconds = url, timeout_seconds

    def can_reach(self, message: Message) -> bool:
        return message.email is not None or message.phone is not None

    async def deliver(self, message: Message) -> None:
        headers = {"Idempotency-Key": str(message.id)}
        try:
            async with httpx2.AsyncClient(timeout=self._timeout_seconds) as client:
                answer = await client.post(self._url, json=parcel_of(message), headers=headers)
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            raise NotReached from error
        except httpx2.TransportError as error:  # it was on its way
            raise Unsure from error
        judge(answer)


def judge(answer: httpx2.Response) -> None:
    """A server that broke while it worked may have sent the message before it did."""
    if answer.is_success:
        return
    if answer.status_code in TRY_AGAIN:
        raise NotReached
    raise Unsure if answer.is_server_error else Refused
