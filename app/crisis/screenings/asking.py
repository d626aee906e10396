"""Which questions are asked now, and which conditions hold: true, false, or not known yet."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.crisis.screenings.definitions import (
    AllOf,
    Answer,
    AnswerKind,
    AnyOf,
    AtLeast,
    Condition,
    CountAtLeast,
    Definition,
    Includes,
    Item,
    OneOf,
    SumAtLeast,
)
from app.crisis.screenings.errors import Fault

MOST_TEXT = 2000


def every(parts: Iterable[bool | None]) -> bool | None:
    """False once one is false, true when all are; else not known."""
    known = list(parts)
    if any(part is False for part in known):
        return False
    return None if any(part is None for part in known) else True


def some(parts: Iterable[bool | None]) -> bool | None:
    known = list(parts)
    if any(part is True for part in known):
        return True
    return None if any(part is None for part in known) else False


@dataclass(frozen=True)
class Interview:
    """Questions and the answers so far.

    A question that is not asked is as good as denied. One that is asked and not answered is not
    known, and never as good as denied; neither is one of which it is not known whether to ask it.
    """

    definition: Definition
    answers: Mapping[str, Answer]

    @cached_property
    def items(self) -> dict[str, Item]:
        return {item.link_id: item for item in self.definition.items}

    @cached_property
    def _asked(self) -> dict[str, bool | None]:
        """In the order of the questions, for each hangs on earlier ones only."""
        asked: dict[str, bool | None] = {}
        for item in self.definition.items:
            asked[item.link_id] = (
                True if item.ask_when is None else self._holds(item.ask_when, asked)
            )
        return asked

    @property
    def asked(self) -> list[str]:
        return [link_id for link_id, known in self._asked.items() if known]

    @property
    def missing(self) -> list[str]:
        """Asked, to be answered, and not answered."""
        return [
            link_id
            for link_id in self.asked
            if link_id not in self.answers and self.items[link_id].required
        ]

    @property
    def missing_critical(self) -> list[str]:
        """Critical and not known, be it that the question before it was not answered."""
        return [
            item.link_id
            for item in self.definition.items
            if item.critical
            and self._asked[item.link_id] is not False
            and item.link_id not in self.answers
        ]

    def holds(self, condition: Condition) -> bool | None:
        return self._holds(condition, self._asked)

    def bounds(self, link_ids: Sequence[str]) -> tuple[int, int]:
        """The least and the most that these numbers can add up to, whatever is still answered."""
        pairs = [self._bounds_of(link_id, self._asked) for link_id in link_ids]
        return sum(low for low, _ in pairs), sum(high for _, high in pairs)

    def _holds(self, condition: Condition, asked: Mapping[str, bool | None]) -> bool | None:
        match condition:
            case AnyOf(any_of=parts):
                return some(self._holds(part, asked) for part in parts)
            case AllOf(all_of=parts):
                return every(self._holds(part, asked) for part in parts)
            case SumAtLeast() | CountAtLeast() | AtLeast():
                return between(*self._counted(condition, asked), condition.at_least)
            case OneOf(item=link_id, one_of=values):
                return self._answered(link_id, asked, lambda answer: answer in values)
            case Includes(item=link_id, includes=value):
                return self._answered(
                    link_id, asked, lambda answer: isinstance(answer, list) and value in answer
                )

    def _counted(
        self, condition: SumAtLeast | CountAtLeast | AtLeast, asked: Mapping[str, bool | None]
    ) -> tuple[int, int]:
        """The least and the most of what is compared, whatever is still answered."""
        match condition:
            case AtLeast(item=link_id):
                return self._bounds_of(link_id, asked)
            case SumAtLeast(sum_of=link_ids):
                pairs = [self._bounds_of(link_id, asked) for link_id in link_ids]
                return sum(low for low, _ in pairs), sum(high for _, high in pairs)
            case CountAtLeast(count_of=link_ids, each=each):
                pairs = [self._bounds_of(link_id, asked) for link_id in link_ids]
                return sum(low >= each for low, _ in pairs), sum(high >= each for _, high in pairs)

    def _answered(
        self, link_id: str, asked: Mapping[str, bool | None], fits: Callable[[Answer], bool]
    ) -> bool | None:
        if asked[link_id] is False:
            return False
        return fits(self.answers[link_id]) if link_id in self.answers else None

    def _bounds_of(self, link_id: str, asked: Mapping[str, bool | None]) -> tuple[int, int]:
        if asked[link_id] is False:
            return 0, 0
        answer = self.answers.get(link_id)
        if isinstance(answer, int):
            return answer, answer
        numbers = [
            option.value for option in self.items[link_id].options if isinstance(option.value, int)
        ]
        return min(numbers, default=0), max(numbers, default=0)


def between(low: int, high: int, least: int) -> bool | None:
    if low >= least:
        return True
    return False if high < least else None


def faults_of(definition: Definition, answers: Mapping[str, Answer]) -> list[Fault]:
    """What is wrong with answers: no such question, no such answer, or not asked."""
    items = {item.link_id: item for item in definition.items}
    faults = []
    for link_id, answer in answers.items():
        if link_id not in items:
            faults.append(fault(link_id, "There is no such question.", "known_question"))
        elif not fits(items[link_id], answer):
            faults.append(fault(link_id, "That is no answer to this question.", "known_answer"))
    if faults:
        return faults
    asked = Interview(definition, answers).asked
    return [
        fault(link_id, "This question is not asked after these answers.", "asked")
        for link_id in answers
        if link_id not in asked
    ]


def fits(item: Item, answer: Answer) -> bool:
    values = [option.value for option in item.options]
    match item.kind:
        case AnswerKind.CHOICE:
            return not isinstance(answer, list) and answer in values
        case AnswerKind.SEVERAL:
            return isinstance(answer, list) and set(answer) <= set(values)
        case AnswerKind.TEXT:
            return isinstance(answer, str) and 0 < len(answer) <= MOST_TEXT


def fault(link_id: str, why: str, rule: str) -> Fault:
    return Fault(at=["body", "answers", link_id], why=why, rule=rule)
