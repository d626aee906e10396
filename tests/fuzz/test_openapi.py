"""A fuzzer on the description of the API: what comes back is what the description says."""

import os
import zlib
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from app.infra.embedded import StoreUrls
from app.kernel.actors import Role
from app.main import create_app
from app.settings import Settings
from tests.fixtures.live_site import LiveSite
from tests.fuzz.population import Population, population_of
from tests.fuzz.streams import streams

pytestmark = pytest.mark.fuzz

NOWHERE = StoreUrls("postgresql://nowhere/x", "mongodb://nowhere", None)
APP = create_app(Settings(environment="test", data_dir=Path("nowhere"), _env_file=None), NOWHERE)
# We say ourselves who is calling.
CONFIG = schemathesis.Config.from_dict({"generation": {"with-security-parameters": False}})
SCHEMA = schemathesis.openapi.from_dict(APP.openapi(), config=CONFIG)
# DRA_FUZZ_EXAMPLES=200 searches longer than the suite has time for.
EXAMPLES = int(os.environ.get("DRA_FUZZ_EXAMPLES", "4"))
FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    allow_header_conformance,
    unsupported_method,
    negative_data_rejection,
]
# No such address, no such verb: there is nothing that somebody could be refused.
SAID_BEFORE_ANYBODY_IS_ASKED = (
    "/problems/not-found",
    "/problems/method-not-allowed",
    "Invalid HTTP request",
)
ENDS_THE_SESSION = "/api/v1/sessions/current"
STREAMS = sorted(streams(APP.openapi()))  # they do not end
OTHERS = (Role.NURSE, Role.RECEPTIONIST, Role.ADMIN, Role.PATIENT)


@pytest.fixture(scope="module")
def population(live_site: LiveSite) -> Population:
    return population_of(live_site)


@pytest.fixture(scope="module")
def tokens(live_site: LiveSite) -> dict[Role, str]:
    return {role: live_site.token(role) for role in (Role.DOCTOR, *OTHERS)}


@SCHEMA.exclude(path=STREAMS).parametrize()
@FUZZ
def test_everybody_gets_what_is_described_and_nothing_else(
    case: Any, live_site: LiveSite, population: Population, tokens: dict[Role, str]
) -> None:
    """A doctor's answers are held against the description; others only get theirs."""
    population.settle(case.path_parameters)
    token = tokens[Role.DOCTOR]
    if case.operation.path == ENDS_THE_SESSION:
        token = live_site.token(Role.DOCTOR)
    answer = send(case, live_site, token)
    case.validate_response(answer, checks=CHECKS)
    if any(said in answer.text for said in SAID_BEFORE_ANYBODY_IS_ASKED):
        return
    admitted = case.operation.definition.raw.get("x-roles")
    if admitted is None:
        return
    assert send(case, live_site, None).status_code == 401
    other = OTHERS[zlib.crc32(repr(case.body).encode()) % len(OTHERS)]
    if other not in admitted:
        assert send(case, live_site, tokens[other]).status_code == 403


def send(case: Any, site: LiveSite, token: str | None) -> Any:
    case.headers.pop("Authorization", None)
    case.cookies.clear()
    if token is not None:
        case.headers["Authorization"] = f"Bearer {token}"
    answer = case.call(base_url=site.url, timeout=60)
    assert answer.status_code < 500, answer.text
    assert "Traceback" not in answer.text
    return answer
