"""A client that keeps what it was not promised and sends it again, as the site's own pages do."""

import base64
import hashlib
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid5

import httpx2

from app.kernel.actors import NAMESPACE

PATIENCE_SECONDS = 240.0
PAUSE_SECONDS = 0.2
Deed = Callable[[], None]


class RetryingClient:
    """Speaks to a site that may die at any moment; only silence and 503 are forgiven."""

    def __init__(self, api: str) -> None:
        self._http = httpx2.Client(base_url=api, timeout=60)
        self.away = 0  # how often nobody answered, or the answer was 503

    def close(self) -> None:
        self._http.close()

    def sign_in(self, username: str, password: str) -> None:
        said = {"username": username, "password": password}
        token = self.call("POST", "/sessions", json=said).json()["token"]
        self._http.headers["Authorization"] = f"Bearer {token}"

    def call(self, verb: str, path: str, **sent: Any) -> httpx2.Response:
        """The first answer that is neither silence nor 503; it must be a success."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = self._once(verb, path, **sent)
            if answer is not None:
                assert answer.is_success, f"{verb} {path}: {answer.status_code} {answer.text}"
                return answer
            self.away += 1
            assert time.monotonic() < deadline, f"{verb} {path}: nobody answers"
            time.sleep(PAUSE_SECONDS)

    def create(self, path: str, body: dict[str, Any], *, key: str) -> Any:
        """A POST that may be repeated without doing it twice."""
        headers = {"Idempotency-Key": str(uuid5(NAMESPACE, key))}
        return self.call("POST", path, json=body, headers=headers).json()

    def put_chunk(self, recording: str, seq: int, data: bytes, halfway: Deed | None = None) -> None:
        """Send one chunk until it is acknowledged; `halfway` happens once, amid the first try."""
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        headers = {"Content-Digest": f"sha-256=:{digest}:", "Content-Length": str(len(data))}
        path = f"/recordings/{recording}/chunks/{seq}"
        if halfway is not None:
            self._once("PUT", path, content=halves(data, halfway), headers=headers)
        receipt = self.call("PUT", path, content=data, headers=headers).json()
        assert receipt["seq"] == seq

    def _once(self, verb: str, path: str, **sent: Any) -> httpx2.Response | None:
        try:
            answer = self._http.request(verb, path, **sent)
        except httpx2.TransportError:
            return None
        if answer.status_code == httpx2.codes.SERVICE_UNAVAILABLE:
            assert int(answer.headers["retry-after"]) > 0
            assert answer.headers["content-type"] == "application/problem+json"
            return None
        assert answer.status_code < 500, f"{verb} {path}: {answer.status_code} {answer.text}"
        return answer


def halves(data: bytes, between: Deed) -> Iterator[bytes]:
    middle = len(data) // 2
    yield data[:middle]
    between()
    yield data[middle:]
