"""Errors, facts and lifecycles: said once, complete, and never about a patient."""

import types
from collections import Counter
from datetime import date, datetime
from enum import Enum
from itertools import product
from typing import Any, Literal, get_args, get_origin, get_type_hints, is_typeddict
from uuid import UUID

import pytest

from app.clinical.notes.errors import NoteChanged
from app.infra.http.problems import STATUS, status_of
from app.kernel.errors import DomainError
from app.kernel.events import DomainEvent
from app.kernel.lifecycle import IllegalMove, Lifecycle
from tools.generate_docs import every_lifecycle, load_everything, stale, subclasses

load_everything()
ERRORS = sorted(
    {error for error in subclasses(DomainError) if error.__module__.startswith("app.")},
    key=lambda error: error.code,
)
LIFECYCLES = list(every_lifecycle().values())
FACTS = list(DomainEvent.registry.values())

# Text fields of errors that hold a word of our own: the name of a state, a rule or a field.
OWN_WORDS = {
    "lifecycle", "current", "target", "encounter_status", "note_status", "rule", "what",
    "fields", "keys", "errors", "status", "item_status",
}  # fmt: skip
RESERVED = {"type", "title", "status", "detail", "instance"}


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_every_error_says_what_is_the_case(error: type[DomainError]) -> None:
    assert error.__doc__
    assert error.title.endswith((".", "!", "?")) or ":" in error.title
    assert status_of(error) in set(STATUS.values())


def test_no_two_errors_share_a_code() -> None:
    shared = [code for code, n in Counter(error.code for error in ERRORS).items() if n > 1]
    assert shared == []


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_an_error_holds_ids_and_numbers_but_no_text(error: type[DomainError]) -> None:
    if error is NoteChanged:  # carries the author's own texts back to the author, to be merged
        return
    for name, hint in get_type_hints(error).items():
        if name in {"code", "title"}:
            continue
        assert name in OWN_WORDS or is_harmless(hint), f"{name}: {hint}"


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_a_fact_of_an_error_hides_no_member_of_the_problem(error: type[DomainError]) -> None:
    assert not RESERVED & set(getattr(error, "__dataclass_fields__", {}))


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.name)
def test_a_fact_holds_ids_and_numbers_but_no_text(fact: type[DomainEvent]) -> None:
    assert fact.__doc__
    for name, field in fact.model_fields.items():
        assert is_harmless(field.annotation), name


def is_harmless(hint: Any) -> bool:
    """Ids, numbers, moments and words of a closed list, and lists of those."""
    if get_origin(hint) is Literal:
        return True
    if get_origin(hint) in {list, tuple, types.UnionType}:
        return all(is_harmless(part) for part in get_args(hint) if part is not ...)
    if is_typeddict(hint):
        parts = get_type_hints(hint).items()
        return all(name in OWN_WORDS or is_harmless(part) for name, part in parts)
    if hint in {UUID, int, float, bool, date, datetime, types.NoneType}:
        return True
    return isinstance(hint, type) and issubclass(hint, Enum)


PAIRS = [
    pytest.param(lifecycle, one, other, id=f"{lifecycle.name}: {one} -> {other}")
    for lifecycle in LIFECYCLES
    for one, other in product(lifecycle.moves, repeat=2)
]


@pytest.mark.parametrize(("lifecycle", "one", "other"), PAIRS)
def test_every_pair_of_states_moves_or_is_refused(
    lifecycle: Lifecycle[Any], one: Any, other: Any
) -> None:
    if other in lifecycle.moves[one]:
        assert lifecycle.check(one, other) == other
        return
    with pytest.raises(IllegalMove) as refused:
        lifecycle.check(one, other)
    assert refused.value.context == {
        "lifecycle": lifecycle.name, "current": one, "target": other
    }  # fmt: skip


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda lifecycle: lifecycle.name)
def test_every_state_can_be_reached(lifecycle: Lifecycle[Any]) -> None:
    first = next(iter(lifecycle.moves))
    reached, waiting = {first}, [first]
    while waiting:
        for state in lifecycle.moves[waiting.pop()] - reached:
            reached.add(state)
            waiting.append(state)
    assert reached == set(lifecycle.moves)


def test_there_are_lifecycles_errors_and_facts() -> None:
    assert len(LIFECYCLES) >= 5
    assert len(ERRORS) > 40
    assert len(FACTS) >= 4


def test_generated_pages_and_snapshots_say_what_the_code_says() -> None:
    assert stale() == [], "run `python -m tools.generate_docs` and look at the difference"
