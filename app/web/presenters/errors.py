"""What a page says when it cannot be shown."""

from dataclasses import dataclass
from http import HTTPStatus

from app.web.presenters.formats import Link

HOME = Link("/", "Go to the start page")


@dataclass(frozen=True, slots=True)
class ErrorPage:
    title: str
    text: str
    actions: tuple[Link, ...] = (HOME,)


ADVICE = {
    HTTPStatus.NOT_FOUND: "The address may be mistyped, or the record is not for you to see.",
    HTTPStatus.FORBIDDEN: "Ask somebody whose role includes this, or sign in as another user.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Nothing was changed. Reload this page in a few seconds.",
    HTTPStatus.TOO_MANY_REQUESTS: "Wait a little, then try again.",
}
USUAL_ADVICE = "Go back and try again; nothing was changed."


def error_page(status: HTTPStatus, title: str) -> ErrorPage:
    return ErrorPage(title=title, text=ADVICE.get(status, USUAL_ADVICE))
