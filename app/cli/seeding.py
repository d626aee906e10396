"""Filling an empty installation with the demo clinic."""

from app import identity, patients
from app.cli.demo_clinic import PASSWORD, PATIENTS, STAFF
from app.cli.formulary import load_into
from app.cli.seeding_appointments import the_cast
from app.cli.seeding_calendar import people_of, seed_calendar
from app.cli.seeding_chart import seed_chart
from app.cli.seeding_crisis import seed_crisis
from app.cli.seeding_queue import seed_queue
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor

SEEDER = Actor.system("demo-clinic")


async def seed(works: Works) -> None:
    """Create staff, patients, a calendar and charts; on a second run nothing is left to do."""
    await load_into(works)
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
    async with works.begin(SEEDER) as uow:
        people = await people_of(uow)
    async with works.begin(people["doctor"]) as uow:
        for facts in PATIENTS:
            patient = patients.NewPatient(**facts)
            if not await is_registered(uow, patient):
                await patients.register_patient(uow, patient)
    await seed_calendar(works, people)
    cast = await the_cast(works, people)
    if cast.is_complete:
        await seed_queue(cast)
        await seed_crisis(cast)
        await seed_chart(cast)


async def is_registered(uow: UnitOfWork, wanted: patients.NewPatient) -> bool:
    found = await patients.possible_duplicates(
        uow,
        given=wanted.given_name,
        family=wanted.family_name,
        birth_date=wanted.birth_date,
    )
    return bool(found)
