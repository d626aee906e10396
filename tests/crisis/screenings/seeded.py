"""The instruments as the migration seeds them, read from its text: no database needed."""

import json
import re
from functools import cache
from pathlib import Path

from app.crisis.screenings import Answers, Instrument, Result
from app.crisis.screenings.asking import Interview
from app.crisis.screenings.definitions import Definition, Scoring
from app.crisis.screenings.scoring import result_of

SEED = Path(__file__).parents[3] / "sql" / "20261130020100_screening_instruments.up.sql"
ROW = re.compile(
    r"\n    \('([a-z0-9-]+)', 1, .*?\$json\$(.*?)\$json\$,\s*\$json\$(.*?)\$json\$\);", re.S
)


@cache
def seeded() -> dict[Instrument, tuple[Definition, Scoring]]:
    return {
        Instrument(key): (
            Definition.model_validate(json.loads(definition)),
            Scoring.model_validate(json.loads(scoring)),
        )
        for key, definition, scoring in ROW.findall(SEED.read_text())
    }


def asked(instrument: Instrument, answers: Answers) -> list[str]:
    return Interview(seeded()[instrument][0], answers).asked


def result(instrument: Instrument, answers: Answers) -> Result:
    return result_of(*seeded()[instrument], answers)
