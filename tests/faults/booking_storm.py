"""Many desks booking, moving and cancelling at once over several API processes that may die.

Each client keeps to what it was promised: an answer that never came is asked for again with the
same Idempotency-Key, at another process. What a client was last told must be true in the end.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

GRID_MINUTES = 5
DURATIONS = (15, 20, 30, 45, 60)
DAYS = 4
PATIENCE_SECONDS = 120.0
PAUSE_SECONDS = 0.1
MOVE, CANCEL, HOLD = 0.15, 0.12, 0.10  # of all attempts; the rest books


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """What is fought over, and by how many. `urls`: the API of each process."""

    urls: list[str]
    token: str
    doctors: list[str]
    patients: list[str]
    visit_types: list[str]
    first_day: datetime
    clients: int
    attempts: int


@dataclass
class Told:
    """What the clients were told, all of them together."""

    booked: dict[str, dict[str, Any]] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    answers: Counter[str] = field(default_factory=Counter)
    attempts: int = 0
    silences: int = 0


class Desk:
    """One client: decides by its own literal seed, asks again until it is answered."""

    def __init__(self, storm: Storm, number: int, http: httpx2.AsyncClient, told: Told) -> None:
        self._storm, self._number, self._http, self._told = storm, number, http, told
        self._dice = random.Random(number)
        self._mine: list[str] = []
        self._asked = 0

    async def attempt(self) -> None:
        throw = self._dice.random()
        if self._mine and throw < MOVE:
            await self._move()
        elif self._mine and throw < MOVE + CANCEL:
            await self._cancel()
        elif throw < MOVE + CANCEL + HOLD:
            await self._hold()
        else:
            await self._book()

    async def _book(self, **more: Any) -> None:
        body = self._somewhere() | {"patient_id": self._dice.choice(self._storm.patients)} | more
        answer = await self._ask("/appointments", body)
        if answer.status_code == httpx2.codes.CREATED:
            appointment = answer.json()
            self._mine.append(appointment["id"])
            self._told.booked[appointment["id"]] = appointment

    async def _hold(self) -> None:
        """Half of the holds become appointments, the others are forgotten."""
        where = self._somewhere()
        answer = await self._ask("/appointments/holds", where)
        if answer.status_code == httpx2.codes.CREATED and self._dice.random() < 0.5:
            body = where | {"hold_id": answer.json()["id"]}
            body["patient_id"] = self._dice.choice(self._storm.patients)
            answer = await self._ask("/appointments", body)
            if answer.status_code == httpx2.codes.CREATED:
                self._mine.append(answer.json()["id"])
                self._told.booked[answer.json()["id"]] = answer.json()

    async def _move(self) -> None:
        one = self._dice.choice(self._mine)
        where = self._somewhere()
        del where["visit_type_id"]
        answer = await self._ask(f"/appointments/{one}/reschedule", where)
        if answer.is_success:
            self._told.booked[one] = answer.json()

    async def _cancel(self) -> None:
        one = self._dice.choice(self._mine)
        body = {"reason": "called off", "by": "patient"}
        answer = await self._ask(f"/appointments/{one}/cancellation", body)
        assert answer.is_success, answer.text
        self._mine.remove(one)
        del self._told.booked[one]
        self._told.cancelled.add(one)

    def _somewhere(self) -> dict[str, Any]:
        day = self._dice.randrange(DAYS)
        minute = 8 * 60 + GRID_MINUTES * self._dice.randrange(9 * 60 // GRID_MINUTES)
        start = self._storm.first_day + timedelta(days=day, minutes=minute)
        return {
            "practitioner_id": self._dice.choice(self._storm.doctors),
            "visit_type_id": self._dice.choice(self._storm.visit_types),
            "starts_at": start.astimezone(UTC).isoformat(),
            "duration_minutes": self._dice.choice(DURATIONS),
        }

    async def _ask(self, path: str, body: dict[str, Any]) -> httpx2.Response:
        """The first answer; it is a success or says what is in the way."""
        self._asked += 1
        headers = {
            "Authorization": f"Bearer {self._storm.token}",
            "Idempotency-Key": f"storm-{self._number}-{self._asked}",
        }
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE_SECONDS
        turn = self._number
        while True:
            url = self._storm.urls[turn % len(self._storm.urls)]
            try:
                answer = await self._http.post(f"{url}{path}", json=body, headers=headers)
            except httpx2.TransportError:
                self._told.silences += 1
                assert loop.time() < deadline, f"{path}: nobody answers"
                turn += 1
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            self._told.answers[f"{path.rsplit('/', 1)[-1]} {answer.status_code}"] += 1
            assert answer.status_code in {200, 201, 409}, f"{path}: {answer.text}"
            return answer


async def rage(storm: Storm, at: dict[int, Callable[[], None]]) -> Told:
    """All attempts by all clients; `at`: what happens after so many of them."""
    told = Told()
    limits = httpx2.Limits(max_connections=storm.clients)
    async with httpx2.AsyncClient(timeout=60, limits=limits) as http:

        async def client(number: int) -> None:
            desk = Desk(storm, number, http, told)
            while told.attempts < storm.attempts:
                told.attempts += 1
                event = at.get(told.attempts)
                if event is not None:
                    event()
                await desk.attempt()

        await asyncio.gather(*(client(number) for number in range(storm.clients)))
    return told
