"""Order sets as the outside world sees them."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.clinical.orders.schemas import (
    MOST_ITEMS,
    ORDERABLE_EXAMPLE,
    Key,
    OrderableOut,
    Version,
    said_as,
    shown_as,
)
from app.kernel.text import ONE_LINE

SET_EXAMPLE: dict[str, Any] = {
    "id": "00000000-0000-4000-8000-00000000e501",
    "name": "Annual physical, adult",
    "mine": False,
    "version": 1,
    "source": "Starter set",
    "items": [{"orderable": ORDERABLE_EXAMPLE, "ticked": True}],
}


class OrderSetItemOut(BaseModel):
    """`ticked`: it is ordered unless somebody takes it out."""

    orderable: OrderableOut
    ticked: bool


class OrderSetOut(BaseModel):
    """What is often ordered together; `mine`: I keep it, else the clinic does."""

    model_config = shown_as(SET_EXAMPLE)

    id: UUID
    name: str
    mine: bool
    version: int
    source: str
    items: list[OrderSetItemOut]


class OrderSetList(BaseModel):
    """Mine first, then the clinic's, by name."""

    items: list[OrderSetOut]


class SetItem(BaseModel):
    model_config = ConfigDict(extra="forbid")

    orderable_key: Key
    ticked: Annotated[bool, Field(strict=True)] = True


class SaveOrderSet(BaseModel):
    """The whole set; `version`: of the one that was seen, left out for a new set."""

    model_config = said_as({"name": "My thyroid set", "items": [{"orderable_key": "tsh"}]})

    name: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=ONE_LINE),
    ]
    items: Annotated[list[SetItem], Field(min_length=1, max_length=MOST_ITEMS)]
    version: Version | None = None


class ApplySet(BaseModel):
    """`keys`: which of the set; left out, those that are ticked in it."""

    model_config = said_as({"set_id": SET_EXAMPLE["id"], "keys": ["cbc", "a1c"]})

    set_id: UUID
    keys: Annotated[list[Key], Field(min_length=1, max_length=MOST_ITEMS)] | None = None
