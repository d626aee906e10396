"""One patient in danger in the demo clinic, and who looks after privacy and compliance."""

from datetime import timedelta

from app.cli.seeding_appointments import Cast
from app.crisis import episodes, risk
from app.work_queues import rosters

PATIENT = "Watanabe"
MEMBERS = {"compliance": "doctor2", "privacy": "nurse2"}
BEGAN, OWNED = timedelta(hours=3), timedelta(hours=2, minutes=50)


async def seed_crisis(cast: Cast) -> None:
    """An episode with an owner and some steps done, unless there is one already."""
    patient_id = cast.patients[PATIENT]
    async with cast.at(cast.now, "doctor2") as uow:
        if await episodes.episodes_of(uow, patient_id):
            return
    async with cast.at(cast.now, "admin") as uow:
        pools = {each.key: each.id for each in await rosters.list_pools(uow)}
        for pool, username in MEMBERS.items():
            await rosters.add_member(uow, pools[pool], cast.people[username].id)
    async with cast.at(cast.now - BEGAN, "doctor2") as uow:
        said = risk.AssessRisk(
            level=risk.RiskLevel.MODERATE,
            reason="Lost his work, sleeps badly, thinks of death, wants to live for his daughter.",
            next_review_at=cast.now + timedelta(days=2),
        )
        await risk.assess(uow, patient_id, said)
        seen = episodes.OpenEpisode(patient_id=patient_id, remark="Came with his sister.")
        episode = await episodes.open_episode(uow, seen)
    async with cast.at(cast.now - OWNED, "doctor2") as uow:
        await episodes.own(uow, episode.id)
        contact = episodes.AddContact(
            code=episodes.ContactWith.FAMILY,
            outcome=episodes.ContactOutcome.REACHED,
            remark="The sister stays with him until Thursday.",
        )
        await episodes.add_contact(uow, episode.id, contact)
        for code, present in (
            (episodes.Factor.RECENT_LOSS, True),
            (episodes.Factor.INSOMNIA, True),
            (episodes.Factor.ACCESS_TO_MEANS, False),
            (episodes.Factor.REASONS_FOR_LIVING, True),
        ):
            await episodes.add_factor(
                uow, episode.id, episodes.AddFactor(code=code, present=present)
            )
