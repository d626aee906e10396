"""A worker that takes a job, says so, and never finishes: `python -m ... DATABASE_URL`."""

import asyncio
import json
import sys
from datetime import timedelta

from app.infra.jobs import JobRunner, Payload


async def say_and_hang(payload: Payload) -> None:
    sys.stdout.write(json.dumps(payload) + "\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


async def main(database_url: str) -> None:
    runner = JobRunner(database_url, heartbeat_timeout=timedelta(seconds=2))
    runner.register("test.note", say_and_hang)
    await runner.run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
