"""What the text of a note says is to be ordered. Pure: a body and a lexicon in, proposals out."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from app.clinical.notes import NoteBody, SectionKey
from app.clinical.orders.lexicon import Lexicon
from app.clinical.orders.recognising import find_orders
from app.clinical.orders.schemas import OrderCertainty
from app.clinical.orders.words import tokens_of

NAMESPACE = UUID("3b9d5c0e-7f44-4f0a-9b8e-6a4e0f5a2d17")
PLAN = (SectionKey.TREATMENT, SectionKey.FOLLOW_UP)
READ = (*PLAN, SectionKey.RESULTS)
LONGEST_QUOTE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """Something a sentence asks for; the same said in the same note again is the same."""

    dedupe_key: str
    sentence_id: str
    section: SectionKey
    quote: str
    orderable_key: str
    certainty: OrderCertainty
    detail: str | None
    wanted_on: date | None

    @property
    def id(self) -> UUID:
        return uuid5(NAMESPACE, self.dedupe_key)


def orders_in(note_id: UUID, body: NoteBody, lexicon: Lexicon, said_on: date) -> list[Proposed]:
    """In the order of the note, each once."""
    found: dict[str, Proposed] = {}
    for one in proposed_in(note_id, body, lexicon, said_on):
        found.setdefault(one.dedupe_key, one)
    return list(found.values())


def proposed_in(
    note_id: UUID, body: NoteBody, lexicon: Lexicon, said_on: date
) -> Iterator[Proposed]:
    for section in READ:
        for sentence in body.sections[section].sentences:
            said = " ".join(tokens_of(sentence.text))
            digest = hashlib.sha256(said.encode()).hexdigest()[:40]
            for finding in find_orders(sentence.text, lexicon, in_plan=section in PLAN):
                yield Proposed(
                    dedupe_key=f"note:{note_id}:{finding.key}:{digest}",
                    sentence_id=sentence.id,
                    section=section,
                    quote=sentence.text[:LONGEST_QUOTE],
                    orderable_key=finding.key,
                    certainty=finding.certainty,
                    detail=finding.detail,
                    wanted_on=finding.wanted_on(said_on),
                )
