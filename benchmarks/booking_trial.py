"""Two booking systems over HTTP: the lines to them, one attempt at each, and many of them."""

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Protocol

PEER_DATABASE = "gnu_health"
DOCTORS, PATIENTS = 8, 400
MINUTES = 15
PATIENCE_SECONDS = 60
ROUNDS = 3
CONTENDED_TIMES = 40  # of two doctors: everybody wants the same ten hours
FIRST_DAY = datetime(2030, 1, 7, tzinfo=UTC)
Attempt = Callable[["Line", int], Awaitable[bool]]


class Line:
    """One connection, kept while the server keeps it: as little work as possible of our own."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, body: object, authorization: str = "") -> tuple[int, Any]:
        """Status and answer; raises `TimeoutError` rather than wait for ever."""
        content = json.dumps(body).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        if authorization:
            head += f"Authorization: {authorization}\r\n"
        head += f"Content-Length: {len(content)}\r\n\r\n"
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self._exchange(head.encode() + content)

    async def _exchange(self, request: bytes) -> tuple[int, Any]:
        if self._open is None:
            self._open = await asyncio.open_connection("localhost", self._port, limit=2**22)
        reader, writer = self._open
        writer.write(request)
        answer = (await reader.readuntil(b"\r\n\r\n")).decode()
        fields = dict(line.lower().split(": ", 1) for line in answer.split("\r\n")[1:-2])
        kept = fields.get("connection", "" if answer.startswith("HTTP/1.0") else "keep-alive")
        if "content-length" in fields:
            raw = await reader.readexactly(int(fields["content-length"]))
        elif fields.get("transfer-encoding") == "chunked":
            raw = await chunks(reader)
        else:
            raw, kept = await reader.read(), "close"
        if kept != "keep-alive":
            self.close()
        return int(answer.split(" ", 2)[1]), json.loads(raw)

    def close(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None


async def chunks(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while size := int(await reader.readline(), 16):
        parts.append(await reader.readexactly(size))
        await reader.readline()
    await reader.readline()
    return b"".join(parts)


class Side(Protocol):
    """A booking system on trial. `slot` numbers times of `MINUTES`, doctor by doctor."""

    name: str
    port: int

    async def book(self, line: Line, doctor: int, slot: int, patient: int) -> bool:
        """One attempt as a careful client makes it; whether it got the time."""


@dataclass
class Ours:
    port: int
    token: str
    doctors: list[str]
    patients: list[str]
    visit_type: str
    name: str = "Dr. Assistant"

    async def book(self, line: Line, doctor: int, slot: int, patient: int) -> bool:
        body = {
            "practitioner_id": self.doctors[doctor],
            "patient_id": self.patients[patient],
            "visit_type_id": self.visit_type,
            "starts_at": (FIRST_DAY + slot * timedelta(minutes=MINUTES)).isoformat(),
        }
        status, answer = await line.post("/api/v1/appointments", body, f"Bearer {self.token}")
        assert status in {HTTPStatus.CREATED, HTTPStatus.CONFLICT}, answer
        return status == HTTPStatus.CREATED


@dataclass
class GnuHealth:
    port: int
    session: str
    doctors: list[int]
    patients: list[int]
    careful: bool = False
    name: str = "GNU Health 5"

    async def book(self, line: Line, doctor: int, slot: int, patient: int) -> bool:
        start = FIRST_DAY + slot * timedelta(minutes=MINUTES)
        moment = {"__class__": "datetime", "second": 0, "microsecond": 0} | {
            part: getattr(start, part) for part in ("year", "month", "day", "hour", "minute")
        }
        whose = [
            ["healthprof", "=", self.doctors[doctor]],
            ["appointment_date", "=", moment],
            ["state", "=", "confirmed"],
        ]
        if self.careful and await self.call(line, "search_count", whose):
            return False
        row = {
            "healthprof": self.doctors[doctor],
            "patient": self.patients[patient],
            "appointment_date": moment,
            "state": "confirmed",
        }
        await self.call(line, "create", [row])
        return True

    async def call(self, line: Line, method: str, first: object) -> Any:
        request = {
            "id": 1,
            "method": f"model.gnuhealth.appointment.{method}",
            "params": [first, {}],
        }
        status, answer = await line.post(f"/{PEER_DATABASE}/", request, f"Session {self.session}")
        assert status == HTTPStatus.OK, answer
        assert "error" not in answer, answer
        return answer["result"]


async def rate(side: Side, attempt: Attempt, clients: int, seconds: float) -> tuple[float, float]:
    """Attempts in a second, and the part of them that got their time."""
    lines = [Line(side.port) for _ in range(clients)]
    loop = asyncio.get_running_loop()
    numbers, got = itertools.count(), 0
    began = loop.time()

    async def client(line: Line) -> int:
        won = 0
        while loop.time() - began < seconds:
            won += await attempt(line, next(numbers))
        return won

    got = sum(await asyncio.gather(*(client(line) for line in lines)))
    spent, attempts = loop.time() - began, next(numbers)
    for line in lines:
        line.close()
    return attempts / spent, got / attempts


class Trial:
    """Which times the attempts of each kind are for, so that no round meets another's."""

    def __init__(self, side: Side, number: int) -> None:
        """`number`: which of the trials, for several may be of one system."""
        self.side, self._free = side, itertools.count((number + 1) * 200_000)
        self._round = number * ROUNDS

    def uncontended(self) -> Attempt:
        async def attempt(line: Line, number: int) -> bool:
            slot, doctor = divmod(next(self._free), DOCTORS)
            return await self.side.book(line, doctor, slot, number % PATIENTS)

        return attempt

    def contended(self) -> Attempt:
        self._round += 1
        first = self._round * CONTENDED_TIMES

        async def attempt(line: Line, number: int) -> bool:
            slot = first + number * 7 % CONTENDED_TIMES
            return await self.side.book(line, number % 2, slot, number % PATIENTS)

        return attempt
