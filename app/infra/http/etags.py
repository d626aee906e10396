"""ETag and If-Match: nobody overwrites what they have not seen."""

import re
from typing import Annotated

from fastapi import Depends, Header, Response

from app.kernel.errors import DomainError, Invalid

STRONG = re.compile(r'^"(\d{1,9})"$')


class PreconditionMissing(DomainError):
    """Say which version you are changing: send If-Match with the ETag you read."""


class EtagUnreadable(Invalid):
    """If-Match must be an ETag of this API, such as "7"."""


async def get_if_match(
    if_match: Annotated[
        str | None, Header(description='The ETag you read, such as `"7"`.', examples=['"7"'])
    ] = None,
) -> int:
    if if_match is None:
        raise PreconditionMissing
    match = STRONG.match(if_match.strip())
    if match is None:
        raise EtagUnreadable
    return int(match.group(1))


def put_etag(response: Response, version: int | None) -> None:
    if version is not None:
        response.headers["ETag"] = f'"{version}"'


def etags_in(if_none_match: str) -> set[str]:
    """What a reader has already; compared weakly, as RFC 9110 wants it for reading."""
    return {each.strip().removeprefix("W/") for each in if_none_match.split(",")}


IfMatch = Annotated[int, Depends(get_if_match)]
