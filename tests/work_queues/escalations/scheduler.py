"""A scheduler that looks for due steps until it is killed."""

import asyncio

from app.work_queues.escalations.tasks import fire_due
from tests.fixtures.schedulers import sweep_until_killed

if __name__ == "__main__":
    asyncio.run(sweep_until_killed(fire_due))
