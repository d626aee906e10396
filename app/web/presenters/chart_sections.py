"""What a chart to take along is made of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paragraph:
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """`mark`: what must not be missed about it, in words."""

    title: str
    detail: str = ""
    mark: str = ""
    paragraphs: tuple[Paragraph, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """`absence`: said where there is no entry."""

    title: str
    entries: tuple[Entry, ...]
    absence: str = ""
