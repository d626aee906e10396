"""What a browser is told, and what another site cannot make it do."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from app.infra.http.callers import COOKIE
from app.infra.http.shell import SECURITY_HEADERS
from app.kernel.actors import Role
from tests.builders.identity import PASSWORD
from tests.fixtures.live_site import LiveSite

ABSENT = "00000000-0000-4000-8000-000000000001"
ANSWERS = [
    pytest.param("GET", "/login", 200, id="a page"),
    pytest.param("GET", "/", 303, id="a redirect"),
    pytest.param("GET", "/no-such-page", 404, id="a page that is not there"),
    pytest.param("GET", "/static/icon.svg", 200, id="a static file"),
    pytest.param("GET", "/static/no-such-file.js", 404, id="a static file that is not there"),
    pytest.param("GET", "/static/../../../settings.py", 404, id="a file outside of the folder"),
    pytest.param("GET", "/livez", 200, id="a probe"),
    pytest.param("GET", "/api/v1/openapi.json", 200, id="the description"),
    pytest.param("GET", "/api/v1/me", 401, id="a refusal"),
    pytest.param("GET", "/api/v1/no-such-thing", 404, id="an unknown address"),
    pytest.param("DELETE", "/api/v1/patients", 405, id="an unknown verb"),
    pytest.param("POST", "/api/v1/sessions", 422, id="a malformed request"),
    pytest.param("POST", "/login", 401, id="a refused page"),
]


@pytest.mark.parametrize(("verb", "path", "status"), ANSWERS)
def test_every_kind_of_answer_carries_the_security_headers(
    live_site: LiveSite, verb: str, path: str, status: int
) -> None:
    answer = httpx2.request(verb, live_site.url + path, timeout=30)
    assert answer.status_code == status, answer.text
    for name, value in SECURITY_HEADERS.items():
        assert answer.headers[name] == value, name
    assert answer.headers["x-request-id"]
    if not path.startswith("/static/"):
        assert "no-store" in answer.headers["cache-control"]
    assert "server" not in answer.headers
    assert "x-powered-by" not in answer.headers


@pytest.fixture
def browser(live_site: LiveSite) -> Iterator[httpx2.Client]:
    """A browser in which the doctor has signed in."""
    with httpx2.Client(base_url=live_site.url, timeout=30) as opened:
        answer = opened.post("/login", data={"username": "doctor", "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        yield opened


def csrf_token(browser: httpx2.Client) -> str:
    page = browser.get("/").text
    _, _, rest = page.partition('name="csrf-token" content="')
    return rest.partition('"')[0]


NEW: dict[str, Any] = {
    "given_name": "Mara",
    "family_name": "Okafor",
    "birth_date": "1945-07-14",
    "confirm_not_duplicate": True,
}


def test_the_cookie_is_kept_from_scripts_and_other_sites(live_site: LiveSite) -> None:
    said = {"username": "nurse", "password": PASSWORD}
    answer = httpx2.post(f"{live_site.url}/login", data=said, timeout=30)
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith(COOKIE)
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "domain=" not in cookie


def test_a_cookie_alone_changes_nothing(browser: httpx2.Client) -> None:
    answer = browser.post("/api/v1/patients", json=NEW)
    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/csrf-token-wrong"


@pytest.mark.parametrize("token", ["", "x", "0" * 32, "é"])
def test_a_wrong_token_changes_nothing(browser: httpx2.Client, token: str) -> None:
    headers = {"X-CSRF-Token": token.encode()}
    answer = browser.post("/api/v1/patients", json=NEW, headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 403


def test_the_right_token_is_let_through(browser: httpx2.Client) -> None:
    headers = {"X-CSRF-Token": csrf_token(browser)}
    assert browser.post("/api/v1/patients", json=NEW, headers=headers).status_code == 201


@pytest.mark.parametrize(
    "foreign",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_another_site_changes_nothing_even_with_the_token(
    browser: httpx2.Client, foreign: dict[str, str]
) -> None:
    headers = {"X-CSRF-Token": csrf_token(browser), **foreign}
    answer = browser.post("/api/v1/patients", json=NEW, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/foreign-origin"


def test_another_site_cannot_sign_somebody_in(live_site: LiveSite) -> None:
    said = {"username": "doctor", "password": PASSWORD}
    headers = {"Origin": "https://elsewhere.example"}
    answer = httpx2.post(f"{live_site.url}/login", data=said, headers=headers, timeout=30)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_signing_in_gives_a_session_nobody_could_have_planted(live_site: LiveSite) -> None:
    planted = "planted-by-somebody-else"
    with httpx2.Client(base_url=live_site.url, timeout=30) as browser:
        browser.cookies.set(COOKIE, planted)
        said = {"username": "doctor", "password": PASSWORD}
        answer = browser.post("/login", data=said)
        assert answer.status_code == 303
        given = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]
    assert given != planted
    assert len(given) >= 43
    stale = httpx2.get(f"{live_site.url}/", cookies={COOKIE: planted}, timeout=30)
    assert stale.status_code == 303


def test_signing_out_ends_the_session_for_whoever_copied_it(
    live_site: LiveSite, browser: httpx2.Client
) -> None:
    copied = dict(browser.cookies)
    assert browser.post("/logout", data={"csrf_token": csrf_token(browser)}).status_code == 303
    answer = httpx2.get(f"{live_site.api}/me", cookies=copied, timeout=30)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "target",
    ["//else.example", "https://else.example", "/\\else.example", "/\t/else.example"],
)  # fmt: skip
def test_nobody_is_sent_to_another_site_after_signing_in(live_site: LiveSite, target: str) -> None:
    said = {"username": "doctor", "password": PASSWORD, "next": target}
    answer = httpx2.post(f"{live_site.url}/login", data=said, timeout=30)
    assert answer.headers["location"] == "/"


def test_a_bearer_needs_no_token_of_a_page(live_site: LiveSite) -> None:
    with live_site.client(Role.DOCTOR) as client:
        assert client.post("/patients", json=NEW).status_code == 201


def test_a_token_in_the_address_proves_nothing(live_site: LiveSite) -> None:
    token = live_site.token(Role.DOCTOR)
    answer = httpx2.get(f"{live_site.api}/me?access_token={token}&token={token}", timeout=30)
    assert answer.status_code == 401
