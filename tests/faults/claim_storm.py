"""Many nurses' clients working off one queue over several API processes that may die.

Each takes whatever is next and completes it. An answer that never came is asked for again with the
same Idempotency-Key, at another process.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus

import httpx2

PATIENCE_SECONDS = 180.0
PAUSE_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """Who works it off, where. `urls`: the API of each process; `tokens`: one for each client."""

    urls: list[str]
    tokens: list[str]
    pool: str
    items: int


@dataclass
class Told:
    """What the clients were told, all of them together."""

    claimed: dict[str, int] = field(default_factory=dict)  # by which client
    answered_at: dict[str, datetime] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    silences: int = 0


class Nurse:
    """One client: asks again until it is answered."""

    def __init__(self, storm: Storm, number: int, http: httpx2.AsyncClient, told: Told) -> None:
        self._storm, self._number, self._http, self._told = storm, number, http, told
        self._asked = 0

    async def take_and_finish(self) -> bool:
        """Whether there was anything."""
        answer = await self._ask(f"/queues/{self._storm.pool}/next")
        if answer.status_code == HTTPStatus.NO_CONTENT:
            return False
        item = answer.json()["id"]
        if item in self._told.claimed:
            self._told.twice.append(item)
        self._told.claimed[item] = self._number
        self._told.answered_at[item] = datetime.now(UTC)
        await self._ask(f"/tasks/{item}/completion")
        self._told.done.append(item)
        return True

    async def _ask(self, path: str) -> httpx2.Response:
        """The first answer; it is a success."""
        self._asked += 1
        headers = {
            "Authorization": f"Bearer {self._storm.tokens[self._number]}",
            "Idempotency-Key": f"storm-{self._number}-{self._asked}",
        }
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE_SECONDS
        turn = self._number
        while True:
            url = self._storm.urls[turn % len(self._storm.urls)]
            try:
                answer = await self._http.post(f"{url}{path}", headers=headers)
            except httpx2.TransportError:
                self._told.silences += 1
                assert loop.time() < deadline, f"{path}: nobody answers"
                turn += 1
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            self._told.answers[f"{path.rsplit('/', 1)[-1]} {answer.status_code}"] += 1
            assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
            return answer


async def work_off(storm: Storm, at: dict[int, Callable[[], None]]) -> Told:
    """Until everything is done; `at`: what happens after so many items."""
    told = Told()
    limits = httpx2.Limits(max_connections=2 * len(storm.tokens))
    async with httpx2.AsyncClient(timeout=90, limits=limits) as http:

        async def client(number: int) -> None:
            nurse = Nurse(storm, number, http, told)
            while len(told.done) < storm.items:
                if not await nurse.take_and_finish():
                    # The last ones may be in hands that were just cut off: look again.
                    await asyncio.sleep(PAUSE_SECONDS)
                    continue
                for number_done in [each for each in at if each <= len(told.done)]:
                    at.pop(number_done)()

        await asyncio.gather(*(client(number) for number in range(len(storm.tokens))))
    return told
