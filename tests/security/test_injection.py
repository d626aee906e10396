"""Operators of databases are text like any other: found where they were written, never obeyed."""

import re
from typing import Any

import httpx2
import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.notes import a_dictated_note
from tests.builders.patients import a_patient
from tests.conftest import Client

OPERATORS = [
    '{"$ne": ""}',
    '{"$gt": ""}',
    '{"$where": "sleep(5000)"}',
    '{"$regex": "(a+)+$"}',
    "(a+)+$",
    "a.b",
    "$where",
    "'; drop table patients; --",
    "' or '1'='1",
    "%",
    "_",
    "%%%",
    "\\",
    "*",
    "a:* | b:*",
    "!a & b",
    "<-> <2>",
    "\t",
    "[]",
    "{}",
    "${jndi:ldap://x}",
    "{{7*7}}",
    "../../etc/passwd",
    "\r\nSet-Cookie: x=1",
]


@pytest.fixture
async def one_of_each(works: Works, doctor: Actor) -> Any:
    await a_patient(works, doctor, given_name="Tomas", family_name="Brandt")
    return await a_dictated_note(works, doctor)


@pytest.mark.parametrize("said", OPERATORS)
async def test_a_search_finds_no_more_than_what_was_asked(
    as_doctor: Client, one_of_each: Any, said: str
) -> None:
    """No more than its words alone find; what holds no word at all may list, but never break."""
    words = " ".join(re.findall(r"[^\W_]+", said))
    for path in ("/patients", "/notes"):
        plain = await as_doctor.get(f"/api/v1{path}", params={"q": words})
        answer = await as_doctor.get(f"/api/v1{path}", params={"q": said})
        assert answer.status_code in {200, 422}, answer.text
        if answer.status_code == 200:
            assert ids_of(answer) <= ids_of(plain)


def ids_of(answer: httpx2.Response) -> set[str]:
    return {item["id"] for item in answer.json()["items"]}


@pytest.mark.parametrize("said", OPERATORS)
async def test_no_filter_takes_an_operator(as_doctor: Client, one_of_each: Any, said: str) -> None:
    for path, names in {
        "/encounters": ("patient_id", "status"),
        "/recordings": ("status", "encounter_id", "mine"),
        "/notes": ("patient_id", "status"),
        "/patients": ("cursor", "limit"),
    }.items():
        for name in names:
            answer = await as_doctor.get(f"/api/v1{path}", params={name: said})
            assert answer.status_code == 422, f"{path}?{name}: {answer.text}"
            nested = await as_doctor.get(f"/api/v1{path}", params={f"{name}[$ne]": "x"})
            assert nested.status_code in {200, 422}


@pytest.mark.parametrize("operator", [{"$ne": ""}, {"$gt": ""}, ["a"], 7, True, None])
async def test_no_operator_signs_anybody_in(client: Client, doctor: Actor, operator: Any) -> None:
    for body in (
        {"username": operator, "password": operator},
        {"username": "doctor", "password": operator},
    ):
        answer = await client.post("/api/v1/sessions", json=body)
        assert answer.status_code == 422


@pytest.mark.parametrize("said", [each for each in OPERATORS if each.strip() and "\r" not in each])
async def test_what_was_written_is_read_back_to_the_letter(
    as_doctor: Client, works: Works, doctor: Actor, said: str
) -> None:
    new = {"given_name": said, "family_name": "Brandt", "birth_date": "1950-01-01"}
    registered = await as_doctor.post("/api/v1/patients", json=new)
    assert registered.status_code == 201, registered.text
    read = await as_doctor.get(registered.headers["location"])
    assert read.json()["given_name"] == said
    note = await a_dictated_note(works, doctor)
    typed = {"sections": {"plan.treatment": said}}
    saved = await as_doctor.put(
        f"/api/v1/notes/{note.id}/draft", json=typed, headers={"If-Match": f'"{note.version}"'}
    )
    assert saved.status_code == 200, saved.text
    assert saved.json()["body"]["sections"]["plan.treatment"]["text"] == said


@pytest.mark.parametrize(
    "key", ["$where", "a.b", "plan.treatment.$set", "", "__proto__", "sections"]
)
async def test_no_section_is_called_like_an_operator(
    as_doctor: Client, works: Works, doctor: Actor, key: str
) -> None:
    note = await a_dictated_note(works, doctor)
    answer = await as_doctor.put(
        f"/api/v1/notes/{note.id}/draft",
        json={"sections": {key: "x"}},
        headers={"If-Match": f'"{note.version}"'},
    )
    assert answer.status_code == 422
