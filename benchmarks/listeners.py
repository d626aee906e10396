"""Browsers that follow the queues, as plain sockets: two thousand of them cost next to nothing."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

AT_ONCE = 20  # that connect side by side


@dataclass
class Listener:
    """One open stream and what it was told."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    told: list[dict[str, Any]] = field(default_factory=list)
    heard_at: float = 0.0

    async def next(self) -> dict[str, Any]:
        """The next change; what begins a stream and keeps it open is passed over."""
        event = ""
        while line := await self.reader.readline():
            if line.startswith(b"event: "):
                event = line[7:].strip().decode()
            elif line.startswith(b"data: ") and event == "item":
                self.heard_at = time.perf_counter()
                self.told.append(json.loads(line[6:]))
                return self.told[-1]
        raise ConnectionError("the stream ended")

    async def begun(self) -> None:
        while line := await self.reader.readline():
            if line.startswith(b"event: hello"):
                return
        raise ConnectionError("the stream ended before it began")


async def follow(port: int, token: str, door: asyncio.Semaphore) -> Listener:
    async with door:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        asked = (
            "GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {token}\r\nAccept: text/event-stream\r\n\r\n"
        )
        writer.write(asked.encode())
        listener = Listener(reader, writer)
        await listener.begun()
        return listener


@asynccontextmanager
async def following(port: int, tokens: Sequence[str]) -> AsyncIterator[list[Listener]]:
    """A stream for each token; all of them have begun."""
    door = asyncio.Semaphore(AT_ONCE)
    opened = await asyncio.gather(*(follow(port, token, door) for token in tokens))
    try:
        yield opened
    finally:
        for each in opened:
            each.writer.close()
