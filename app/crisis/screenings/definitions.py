"""What a screening instrument is made of: questions, when to ask them, and the rules of the result.

Both are read from the instrument's row. Nothing here knows a clinical number.
"""

from enum import StrEnum
from typing import Annotated, Union

from pydantic import BaseModel, ConfigDict, Field

from app.crisis.risk import RiskLevel
from app.crisis.screenings.instruments import Instrument

Answer = int | str | list[str]
Answers = dict[str, Answer]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OneOf(Part):
    """The answer to an item is one of these."""

    item: str
    one_of: list[int | str]


class AtLeast(Part):
    """The number answered to an item is no less."""

    item: str
    at_least: int


class Includes(Part):
    """Of a question with several answers one is this."""

    item: str
    includes: str


class SumAtLeast(Part):
    """The numbers answered to these items are no less together."""

    sum_of: list[str]
    at_least: int


class CountAtLeast(Part):
    """So many of these items were answered with no less than `each`."""

    count_of: list[str]
    each: int
    at_least: int


class AnyOf(Part):
    any_of: "list[Condition]"


class AllOf(Part):
    all_of: "list[Condition]"


Condition = Union[OneOf, AtLeast, Includes, SumAtLeast, CountAtLeast, AnyOf, AllOf]  # noqa: UP007


class AnswerKind(StrEnum):
    CHOICE = "choice"
    SEVERAL = "several"
    TEXT = "text"


class Option(Part):
    """An answer to choose. `key` is what is pressed for it."""

    value: int | str
    label: str
    key: str | None = None


class Item(Part):
    """A question. Without `ask_when` it is always asked; what is not `required` may stay open."""

    link_id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    code: str | None = None  # LOINC
    group: str | None = None
    text: str
    hint: str | None = None
    kind: AnswerKind = AnswerKind.CHOICE
    options: list[Option] = []
    ask_when: Condition | None = None
    required: bool = True
    critical: bool = False


class Definition(Part):
    intro: str
    code: str | None = None  # LOINC, of the whole
    items: list[Item]


class Band(Part):
    at_least: int
    label: str


class ScoreRule(Part):
    """Numbers added up. `cut`: from here on the screen is positive."""

    id: str
    title: str
    code: str | None = None
    items: list[str]
    most: int
    bands: list[Band] = []
    cut: int | None = None


class LevelRule(Part):
    """Where the condition holds, the risk is at least this, and the sentence says why."""

    id: str
    when: Condition
    level: RiskLevel
    says: str


class Finding(Part):
    """Something the result says where the condition holds."""

    id: str
    when: Condition
    says: str


class FollowUpRule(Part):
    """Which instrument comes next. `if_unknown`: also when an answer it hangs on is missing.

    `demanded` ones wait for somebody until they are done; others are only named.
    """

    id: str
    when: Condition
    if_unknown: bool = False
    instrument: Instrument
    demanded: bool
    says: str
    says_if_unknown: str | None = None


class Otherwise(Part):
    level: RiskLevel
    says: str


class Scoring(Part):
    """The rules of the result. No `otherwise`: the instrument gives no level where no rule does."""

    scores: list[ScoreRule] = []
    levels: list[LevelRule] = []
    otherwise: Otherwise | None = None
    undetermined: str | None = None
    findings: list[Finding] = []
    follow_ups: list[FollowUpRule] = []
    positive: Condition
    cautions: list[str] = []


for each in (AnyOf, AllOf):
    each.model_rebuild()
