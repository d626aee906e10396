"""What may be said about a note, with bounds on everything."""

from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
)

from app.clinical.notes.body import SectionKey
from app.clinical.notes.schemas import NoteType
from app.clinical.notes.typed_text import composed
from app.kernel.text import ONE_LINE, SEVERAL_LINES

MAX_SECTION_CHARACTERS = 200_000
MAX_INT4 = 2_147_483_647

Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=1000, pattern=ONE_LINE),
    AfterValidator(composed),
]
AddendumText = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=20_000, pattern=SEVERAL_LINES
    ),
    AfterValidator(composed),
]
SectionText = Annotated[
    str,
    StringConstraints(max_length=MAX_SECTION_CHARACTERS, pattern=SEVERAL_LINES),
    AfterValidator(composed),
]
Password = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Version = Annotated[int, Field(strict=True, ge=0, le=MAX_INT4)]
WordIndex = Annotated[int, Field(strict=True, ge=0, le=MAX_INT4)]
WordIndexes = Annotated[list[WordIndex], Field(max_length=100_000)]


class NewNote(BaseModel):
    """A note typed without a recording."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"type": "progress"}]}
    )

    type: NoteType = NoteType.SOAP


class SaveDraft(BaseModel):
    """Only the sections named here change; words accepted once stay accepted."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"sections": {"plan.follow_up": "Return in two weeks."}, "accepted_words": [12]}
            ]
        },
    )

    sections: dict[SectionKey, SectionText] = Field(default_factory=dict)
    accepted_words: WordIndexes = Field(default_factory=list)


class SignNote(BaseModel):
    """A signature under exactly the version the doctor saw."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "version": 4,
                    "password": "correct horse battery staple",
                    "accepted_words": [12],
                    "accept_empty_sections": False,
                }
            ]
        },
    )

    version: Version
    password: Password | None = None
    accepted_words: WordIndexes = Field(default_factory=list)
    accept_empty_sections: StrictBool = False


class NewAddendum(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"text": "Laboratory called: potassium 4.1.", "password": None}]
        },
    )

    text: AddendumText
    password: Password | None = None


class NewAmendment(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "Wrong side in the plan."}]}
    )

    reason: Reason


class EnterInError(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"reason": "Dictated for another patient."}]},
    )

    reason: Reason
