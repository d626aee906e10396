"""Bodies that are too large, too slow, cut off or not what they say, over a real connection."""

import hashlib
import json
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx2
import psutil  # type: ignore[import-untyped]
import pytest

from app.infra.http.shell import MAX_BODY_BYTES
from app.kernel.actors import Role
from tests.builders.recordings import digest_of
from tests.fixtures.live_site import LiveSite
from tests.fixtures.waiting import wait_until
from tests.fuzz.population import Population, population_of

MEBIBYTE = 1024 * 1024
GROWTH_ALLOWED = 40 * MEBIBYTE
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def population(live_site: LiveSite) -> Population:
    return population_of(live_site)


@pytest.fixture(scope="module")
def receiving(population: Population) -> str:
    """A recording that is still being received."""
    return str(population.ids["recording_id"][0])


@pytest.fixture
def doctor(live_site: LiveSite) -> Iterator[httpx2.Client]:
    with live_site.client(Role.DOCTOR) as client:
        yield client


def zeros(megabytes: int) -> Iterator[bytes]:
    piece = bytes(MEBIBYTE)
    for _ in range(megabytes):
        yield piece


@pytest.mark.parametrize(
    ("verb", "path"), [("POST", "/sessions"), ("POST", "/patients"), ("PUT", "/me/password")]
)
def test_a_body_over_the_limit_is_refused_as_a_problem(
    doctor: httpx2.Client, verb: str, path: str
) -> None:
    answer = doctor.request(verb, path, content=bytes(MAX_BODY_BYTES + 1), headers=JSON)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/body-too-large"


def test_an_endless_body_fills_no_memory(
    live_site: LiveSite, doctor: httpx2.Client, receiving: str
) -> None:
    process = psutil.Process(live_site.process.pid)
    before = process.memory_info().rss
    for _ in range(2):
        try:
            answer = doctor.put(
                f"/recordings/{receiving}/chunks/9",
                content=zeros(200),
                headers={"Content-Digest": digest_of(b"")},
            )
            assert answer.status_code in {413, 422}
        except httpx2.TransportError:
            pass  # it hung up on us, which is as good
    assert process.memory_info().rss - before < GROWTH_ALLOWED
    assert doctor.get("/me").status_code == 200


def test_a_chunk_over_its_limit_is_refused(doctor: httpx2.Client, receiving: str) -> None:
    data = bytes(8 * MEBIBYTE + 1)
    headers = {"Content-Digest": digest_of(data)}
    answer = doctor.put(f"/recordings/{receiving}/chunks/9", content=data, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/chunk-too-large"


def test_strangers_are_refused_before_their_body_is_read(live_site: LiveSite) -> None:
    with live_site.client() as client:
        answer = client.post("/patients", content=b"{" * MEBIBYTE, headers=JSON)
    assert answer.status_code == 401


BROKEN = [
    pytest.param(b"[" * 1000 + b"]" * 1000, id="nested a thousand deep"),
    pytest.param(b'{"a":' * 100_000 + b"1" + b"}" * 100_000, id="nested deeper than any stack"),
    pytest.param(b'{"given_name": "\xff\xfe"}', id="not UTF-8"),
    pytest.param(b'{"given_name": "\\ud800"}', id="half a character"),
    pytest.param(b'{"given_name": "a\\u0000b"}', id="a NUL"),
    pytest.param(b'{"given_name": ' + b"9" * 10_000 + b"}", id="a number of ten thousand digits"),
    pytest.param(b'{"given_name": 1e999}', id="infinity"),
    pytest.param(b'{"given_name": NaN}', id="not a number"),
    pytest.param(b"", id="nothing"),
    pytest.param(b"null", id="null"),
    pytest.param(b"\x00" * 100, id="zeros"),
    pytest.param(b'{"given_name": "x"', id="cut off"),
    pytest.param(b"--x\r\n" * 10_000, id="a form in disguise"),
]


@pytest.mark.parametrize("body", BROKEN)
@pytest.mark.parametrize(
    "media_type", ["application/json", "text/plain", "multipart/form-data; boundary=x"]
)
def test_what_cannot_be_read_is_the_callers_fault(
    doctor: httpx2.Client, population: Population, body: bytes, media_type: str
) -> None:
    note = population.ids["note_id"][0]
    for verb, path in (
        ("POST", "/patients"),
        ("POST", "/sessions"),
        ("PUT", f"/notes/{note}/draft"),
        ("POST", f"/notes/{note}/addenda"),
    ):
        headers = {"Content-Type": media_type, "If-Match": '"1"'}
        answer = doctor.request(verb, path, content=body, headers=headers)
        assert answer.status_code in {400, 422, 429}, f"{path}: {answer.status_code}"
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("value", ["Mara\x00", "\ud800", "a\udfffb", "\x1b[31m", "x\u202ey"])
def test_a_text_that_cannot_be_stored_is_refused_everywhere(
    doctor: httpx2.Client, population: Population, value: str
) -> None:
    note, encounter = population.ids["note_id"][0], population.ids["encounter_id"][0]
    addressed = [
        (
            "POST",
            "/patients",
            {"given_name": value, "family_name": "x", "birth_date": "1950-01-01"},
        ),
        ("POST", "/sessions", {"username": value, "password": value}),
        ("POST", f"/encounters/{encounter}/cancellation", {"reason": value}),
        ("PUT", f"/notes/{note}/draft", {"sections": {"plan.treatment": value}}),
        ("PUT", f"/notes/{note}/draft", {"sections": {value: "x"}}),
        ("POST", f"/notes/{note}/addenda", {"text": value}),
        ("POST", f"/notes/{note}/signature", {"version": 1, "password": value}),
        ("PUT", "/me/password", {"current": value, "new": value}),
    ]
    for verb, path, body in addressed:
        headers = {**JSON, "If-Match": '"1"'}
        answer = doctor.request(verb, path, content=json.dumps(body), headers=headers)
        assert 400 <= answer.status_code < 500, f"{path}: {answer.status_code} {answer.text}"
        assert answer.headers["content-type"] == "application/problem+json"


HEADERS = [
    {"If-Match": '"' + "9" * 400 + '"'},
    {"If-Match": "*"},
    {"If-Match": '"٣"'.encode()},
    {"Idempotency-Key": "k" * 5000},
    {"Idempotency-Key": b"\xff\xfe"},
    {"Authorization": "Bearer " + "x" * 8000},
    {"Authorization": b"Bearer \xff"},
    {"Cookie": "dra_session=" + "%00" * 100},
    {"Content-Digest": "sha-256=:" + "A" * 5000 + ":"},
    {"Content-Digest": b"\xff"},
    {"Range": "bytes=" + ",".join("0-1" for _ in range(1000))},
    {"Last-Event-ID": "9" * 20},
    {"Accept": "image/png"},
    {"Content-Type": b"application/json; charset=\xff"},
    {"X-Forwarded-For": "1.2.3.4, ; drop table"},
]


@pytest.mark.parametrize("header", HEADERS, ids=lambda header: next(iter(header)))
def test_no_header_breaks_anything(
    live_site: LiveSite, population: Population, header: dict[str, str | bytes]
) -> None:
    note, recording = population.ids["note_id"][0], population.ids["recording_id"][1]
    with live_site.client(Role.DOCTOR) as client:
        for verb, path, body in (
            ("GET", f"/recordings/{recording}/audio", b""),
            ("GET", "/patients", b""),
            ("PUT", f"/notes/{note}/draft", b'{"sections": {}}'),
            ("POST", "/patients", b'{"given_name": "x"}'),
            ("PUT", f"/recordings/{recording}/chunks/0", b"x"),
        ):
            sent = {**JSON, **header}
            answer = client.request(verb, path, content=body, headers=sent)  # type: ignore[arg-type]
            assert answer.status_code < 500, f"{verb} {path}: {answer.status_code}"


def connect(site: LiveSite) -> socket.socket:
    at = urlsplit(site.url)
    assert at.hostname
    return socket.create_connection((at.hostname, at.port), timeout=20)


@pytest.mark.parametrize("length", ["-1", "1e3", "99999999999999999999", "0x10", "1, 2", "abc"])
def test_a_length_that_is_none_is_refused_or_hung_up_on(live_site: LiveSite, length: str) -> None:
    with connect(live_site) as raw:
        raw.sendall(
            b"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Connection: close\r\nContent-Length: " + length.encode() + b"\r\n\r\n{}"
        )
        answer = raw.recv(4096)
    assert not answer or answer.split()[1].startswith(b"4")


def test_a_chunk_cut_off_is_not_kept(
    live_site: LiveSite, doctor: httpx2.Client, receiving: str
) -> None:
    data = bytes(100_000)
    head = (
        f"PUT /api/v1/recordings/{receiving}/chunks/7 HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: {doctor.headers['authorization']}\r\n"
        f"Content-Digest: {digest_of(data)}\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    with connect(live_site) as raw:
        raw.sendall(head.encode() + data[:50_000])
    state = doctor.get(f"/recordings/{receiving}/chunks").json()
    assert 7 not in range(state["highest_contiguous"] + 1)
    assert hashlib.sha256(data).digest()


def test_slow_senders_keep_nobody_else_waiting(live_site: LiveSite, doctor: httpx2.Client) -> None:
    """Fifty connections that dribble their request take no database connection each."""
    token = doctor.headers["authorization"]
    slow = [connect(live_site) for _ in range(50)]
    try:
        for raw in slow:
            raw.sendall(
                f"POST /api/v1/patients HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n"
                "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{".encode()
            )
        for _ in range(5):
            assert doctor.get("/patients").status_code == 200
    finally:
        for raw in slow:
            raw.close()
    wait_until(lambda: doctor.get("/me").status_code == 200)
