"""Filling an empty installation with the demo clinic."""

from datetime import date

from sqlalchemy import select

from app import identity, patients
from app.cli.demo_clinic import PASSWORD, PATIENTS, STAFF
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor, Role

SEEDER = Actor.system("demo-clinic")


async def seed(works: Works) -> None:
    """Create staff and patients; on a second run there is nothing left to do."""
    async with works.begin(SEEDER) as uow:
        known = {user.username for user in await identity.list_users(uow)}
        for username, (role, full_name, specialty) in STAFF.items():
            if username not in known:
                await identity.add_user(
                    uow,
                    username=username,
                    full_name=full_name,
                    role=role,
                    password=PASSWORD,
                    specialty=specialty,
                )
    async with works.begin(await the_doctor(works)) as uow:
        for given, family, birth_date, sex, phone in PATIENTS:
            if not await is_registered(uow, given, family, birth_date):
                await patients.register_patient(
                    uow,
                    patients.NewPatient(
                        given_name=given,
                        family_name=family,
                        birth_date=birth_date,
                        sex=patients.Sex(sex),
                        phone=phone,
                    ),
                )


async def the_doctor(works: Works) -> Actor:
    async with works.begin(SEEDER) as uow:
        users = {user.username: user for user in await identity.list_users(uow)}
        return Actor(
            id=users["doctor"].id, name=users["doctor"].full_name, roles=frozenset({Role.DOCTOR})
        )


async def is_registered(uow: UnitOfWork, given: str, family: str, birth_date: date) -> bool:
    found = await uow.db.execute(
        select(patients.Patient.id).where(
            patients.Patient.given_name == given,
            patients.Patient.family_name == family,
            patients.Patient.birth_date == birth_date,
        )
    )
    return found.first() is not None
