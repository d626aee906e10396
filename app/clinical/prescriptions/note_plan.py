"""Which medicines the plan of a note wants started, changed or stopped. Pure."""

import json
import re
from dataclasses import dataclass
from uuid import UUID, uuid5

from app.clinical.notes import Action, MedicationMention, NoteBody, SectionKey, Sentence
from app.clinical.prescriptions.dictated import sig_of, with_its_tail
from app.clinical.prescriptions.proposal_schemas import ProposedAction
from app.clinical.prescriptions.schemas import ItemContent

NAMESPACE = UUID("5e8f1a57-0f0e-4f36-8f8e-9a4bb9b0d1c2")
LONGEST_QUOTE = 1000
HOLD = re.compile(r"\bhold(?:ing)?\b")
ACTIONS = {
    Action.START: ProposedAction.START,
    Action.CONTINUE: ProposedAction.CONTINUE,
    Action.INCREASE: ProposedAction.INCREASE,
    Action.DECREASE: ProposedAction.DECREASE,
    Action.STOP: ProposedAction.STOP,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One medicine of the plan; the same words in the same note are the same proposal."""

    id: UUID
    sentence_id: str
    position: int
    quote: str
    action: ProposedAction
    content: ItemContent


def heard_in(note_id: UUID, body: NoteBody) -> list[Heard]:
    """In the order of the plan, each once. Only said actions, or a dose that stands for one."""
    found: dict[UUID, Heard] = {}
    for sentence in body.sections[SectionKey.TREATMENT].sentences:
        for mention in sentence.annotations:
            if not isinstance(mention, MedicationMention):
                continue
            action = action_of(mention, sentence)
            if action is None:
                continue
            key = identity_of(note_id, action, mention)
            new = Heard(
                id=key,
                sentence_id=sentence.id,
                position=len(found) + 1,
                quote=sentence.text[:LONGEST_QUOTE],
                action=action,
                content=content_of(mention, sentence),
            )
            found.setdefault(key, new)
    return list(found.values())


def action_of(mention: MedicationMention, sentence: Sentence) -> ProposedAction | None:
    """A medicine with a dose or a frequency and no verb is prescribed; a mere name is not."""
    if mention.action is None:
        return ProposedAction.START if mention.dose or mention.frequency else None
    if mention.action is Action.STOP and is_held(mention, sentence):
        return ProposedAction.HOLD
    return ACTIONS[mention.action]


def is_held(mention: MedicationMention, sentence: Sentence) -> bool:
    before = sentence.text.casefold().partition(mention.name.casefold())[0]
    return HOLD.search(before) is not None


def content_of(mention: MedicationMention, sentence: Sentence) -> ItemContent:
    return ItemContent(
        name=mention.name.capitalize(),
        sig=sig_of(
            dose=mention.dose,
            unit=mention.unit,
            route=mention.route,
            frequency=with_its_tail(mention.frequency, sentence.text),
            duration=mention.duration,
        ),
    )


def identity_of(note_id: UUID, action: ProposedAction, mention: MedicationMention) -> UUID:
    said = (mention.name, mention.dose, mention.unit, mention.route)
    when = (mention.frequency, mention.duration)
    return uuid5(NAMESPACE, json.dumps([str(note_id), action, *said, *when]))
