"""The description of the API is complete: whoever reads it needs to ask nobody."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tools.generate_docs import api_description

DOCUMENT = api_description()
SCHEMAS = DOCUMENT["components"]["schemas"]
Operation = dict[str, Any]


def operations() -> Iterator[tuple[str, Operation]]:
    for path, verbs in DOCUMENT["paths"].items():
        for verb, operation in verbs.items():
            yield f"{verb.upper()} {path}", operation


OPERATIONS = [pytest.param(operation, id=name) for name, operation in operations()]


def test_operation_ids_are_unique_and_speakable() -> None:
    ids = Counter(operation["operationId"] for _, operation in operations())
    assert [each for each, times in ids.items() if times > 1] == []
    assert all("api_v1" not in each for each in ids)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_says_what_it_does_and_for_whom(operation: Operation) -> None:
    assert operation["summary"]
    assert "security" in operation
    assert operation["security"] == [] or operation["x-roles"]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_tells_its_refusals_as_problems(operation: Operation) -> None:
    answers = {status: resolved(answer) for status, answer in operation["responses"].items()}
    assert {"400", "401", "403", "404", "405", "409", "413", "422", "429", "503"} <= set(answers)
    for status, answer in answers.items():
        if status.startswith("2") or status == "304":
            continue
        content = answer["content"]["application/problem+json"]
        assert content["schema"] == {"$ref": "#/components/schemas/ProblemDocument"}, status
        assert content["example"]["status"] == int(status)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_goes_in_and_out_has_an_example(operation: Operation) -> None:
    bodies = [operation.get("requestBody", {})]
    bodies += [answer for status, answer in operation["responses"].items() if status[0] == "2"]
    for body in bodies:
        schema = body.get("content", {}).get("application/json", {}).get("schema")
        if schema is not None:
            assert has_example(schema), schema


def has_example(schema: dict[str, Any]) -> bool:
    """Of its own, or one for each of the parts it is made of."""
    if "$ref" in schema:
        return has_example(SCHEMAS[schema["$ref"].rpartition("/")[2]])
    if "examples" in schema or "enum" in schema:
        return True
    if "anyOf" in schema:
        return all(has_example(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return has_example(schema["items"])
    return "items" in schema.get("properties", {}) and has_example(schema["properties"]["items"])


def resolved(answer: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in answer:
        found: dict[str, Any] = DOCUMENT["components"]["responses"][answer["$ref"][-3:]]
        return found
    return answer
