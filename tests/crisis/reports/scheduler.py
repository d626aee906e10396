"""A scheduler that looks for due clocks of reports until it is killed."""

import asyncio

from app.crisis.reports import DOCUMENTS
from app.crisis.reports.tasks import fire_due
from tests.fixtures.schedulers import sweep_until_killed

if __name__ == "__main__":
    asyncio.run(sweep_until_killed(fire_due, DOCUMENTS))
