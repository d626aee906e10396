"""Who is there."""

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues import rosters


async def test_a_pool_without_a_roster_has_all_its_members_on_duty(
    works: Works, nurse: Actor, admin: Actor
) -> None:
    async with works.begin(nurse) as uow:
        pool_id = next(iter(await rosters.pools_of(uow)))
        assert await rosters.members_of(uow, pool_id) == [nurse.id]
        assert await rosters.on_duty(uow, pool_id, uow.now) == [rosters.Stand(nurse.id, None)]
        assert set(await rosters.everybody_on_staff(uow)) == {nurse.id, admin.id}
        assert await rosters.standing_in(uow, nurse.id, uow.now) == rosters.Stand(nurse.id, None)
