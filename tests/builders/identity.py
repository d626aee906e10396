"""Users for tests, one of each role, with a literal password."""

from app import identity
from app.infra.uow import Works
from app.kernel.actors import Actor, Role

PASSWORD = "plum-harbour-lantern"
FULL_NAMES = {
    Role.DOCTOR: "Dr. Ada Winter",
    Role.NURSE: "Nora Lindqvist",
    Role.RECEPTIONIST: "Rosa Keller",
    Role.ADMIN: "Anton Berg",
    Role.PATIENT: "Paula Stone",
}


async def a_user(
    works: Works, role: Role, *, username: str | None = None, full_name: str | None = None
) -> Actor:
    """An account whose user name is its role; returns the actor, freshly authenticated."""
    async with works.begin(Actor.system("test-setup")) as uow:
        user = await identity.add_user(
            uow,
            username=username or role.value,
            full_name=full_name or FULL_NAMES[role],
            role=role,
            password=PASSWORD,
        )
        return user.as_actor(uow.now)
