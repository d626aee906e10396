"""A fuzzer on the description of the API: what comes back is what the description says."""

import os
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

NOWHERE = StoreUrls("postgresql://nowhere/x", "mongodb://nowhere", None)
APP = create_app(Settings(environment="test", data_dir=Path("nowhere"), _env_file=None), NOWHERE)
SCHEMA = schemathesis.openapi.from_dict(APP.openapi())
# DRA_FUZZ_EXAMPLES=200 searches longer than the suite has time for.
EXAMPLES = int(os.environ.get("DRA_FUZZ_EXAMPLES", "8"))
FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
BRIEFLY = settings(FUZZ, max_examples=max(2, EXAMPLES // 4))
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
ENDS_THE_SESSION = "/api/v1/sessions/current"
STREAM = "/api/v1/recordings/{recording_id}/events"
OTHERS = (Role.NURSE, Role.RECEPTIONIST, Role.ADMIN, Role.PATIENT)


@pytest.fixture(scope="module")
def population(live_site: LiveSite) -> Population:
    return population_of(live_site)


@pytest.fixture(scope="module")
def tokens(live_site: LiveSite) -> dict[Role, str]:
    return {role: live_site.token(role) for role in (Role.DOCTOR, *OTHERS)}


def send(case: Any, site: LiveSite, token: str | None) -> Any:
    if case.operation.path == ENDS_THE_SESSION and token is not None:
        token = site.token(Role.DOCTOR)
    if token is None:
        case.headers.pop("Authorization", None)
        case.cookies.clear()
    else:
        case.headers["Authorization"] = f"Bearer {token}"
    answer = case.call(base_url=site.url, timeout=60)
    assert "Traceback" not in answer.text
    case.validate_response(answer, checks=CHECKS)
    return answer


@SCHEMA.exclude(path=STREAM).parametrize()
@FUZZ
def test_a_doctor_gets_what_is_described(
    case: Any, live_site: LiveSite, population: Population, tokens: dict[Role, str]
) -> None:
    population.settle(case.path_parameters)
    send(case, live_site, tokens[Role.DOCTOR])


@SCHEMA.exclude(path=STREAM).parametrize()
@BRIEFLY
def test_nobody_else_gets_anything_but_what_is_described(
    case: Any, live_site: LiveSite, population: Population, tokens: dict[Role, str]
) -> None:
    if case.operation.path == ENDS_THE_SESSION:
        return
    population.settle(case.path_parameters)
    admitted = case.operation.definition.raw.get("x-roles")
    for role in OTHERS:
        answer = send(case, live_site, tokens[role])
        if admitted is not None and role not in admitted:
            assert answer.status_code in {400, 403, 404, 405, 422}, role


@SCHEMA.exclude(path=STREAM).parametrize()
@BRIEFLY
def test_strangers_get_nothing(case: Any, live_site: LiveSite, population: Population) -> None:
    population.settle(case.path_parameters)
    answer = send(case, live_site, None)
    if case.operation.definition.raw.get("security") != []:
        assert answer.status_code >= 400
