"""Range requests: which bytes somebody wants to hear (RFC 9110, section 14)."""

import re
from dataclasses import dataclass

ONE_RANGE = re.compile(r"bytes[ \t]*=[ \t]*(\d*)-(\d*)[ \t]*", re.IGNORECASE)
MAX_DIGITS = 18


class RangeUnsatisfiable(Exception):
    """The range lies outside of the sound."""


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes from `start` up to, not including, `end`."""

    start: int
    end: int


def wanted_span(header: str | None, total: int) -> Span | None:
    """The bytes a Range header asks for, or None for all of them.

    Several ranges, other units and what cannot be read are answered with the whole, as the
    standard allows. Raises `RangeUnsatisfiable`.
    """
    asked = ONE_RANGE.fullmatch(header.strip()) if header else None
    if asked is None or max(len(asked[1]), len(asked[2])) > MAX_DIGITS:
        return None
    first, last = asked.groups()
    if not first and not last:
        return None
    if not first:
        return last_bytes(int(last), total)
    start, end = int(first), int(last) + 1 if last else total
    if last and end <= start:
        return None
    if start >= total:
        raise RangeUnsatisfiable
    return Span(start, min(end, total))


def last_bytes(length: int, total: int) -> Span:
    if length == 0 or total == 0:
        raise RangeUnsatisfiable
    return Span(max(0, total - length), total)
