"""Fills a GNU Health database with doctors and patients; run by the peer's own Python.

PEER/bin/python gnu_health_peer.py CONFIG DATABASE DOCTORS PATIENTS; prints their ids as JSON.
"""

import datetime as dt
import json
import sys

from trytond.config import config  # type: ignore[import-not-found,unused-ignore]

config.update_etc(sys.argv[1])

from trytond.pool import Pool  # type: ignore[import-not-found,unused-ignore]  # noqa: E402
from trytond.transaction import (  # type: ignore[import-not-found,unused-ignore]  # noqa: E402
    Transaction,
)

ADMINISTRATOR = 1


def person(name: str, **more: object) -> dict[str, object]:
    return {
        "name": name,
        "lastname": "Benchmark",
        "ref": name,
        "gender": "f",
        "dob": dt.date(1980, 1, 1),
        "is_person": True,
        "fed_country": "USA",
        **more,
    }


def main(database: str, doctors: int, patients: int) -> None:
    Pool.start()
    pool = Pool(database)
    pool.init()
    with Transaction().start(database, ADMINISTRATOR, context={}):
        parties = pool.get("party.party")
        professionals = pool.get("gnuhealth.healthprofessional")
        records = pool.get("gnuhealth.patient")
        found = {
            "doctors": [
                professionals.create([{"party": party.id}])[0].id
                for i in range(doctors)
                for party in parties.create([person(f"Doctor{i}", is_healthprof=True)])
            ],
            "patients": [
                records.create([{"party": party.id}])[0].id
                for i in range(patients)
                for party in parties.create([person(f"Patient{i}", is_patient=True)])
            ],
        }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
