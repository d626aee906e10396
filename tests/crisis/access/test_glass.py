"""The glass is broken once however often it is hit, holds to the second, and never unseen."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from app import assembly, audit, identity, patients
from app.crisis import access
from app.crisis.access import tasks
from app.infra.embedded import StoreUrls
from app.infra.opening import open_works
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.work_queues import rosters
from app.work_queues.items import WorkItem
from tests.builders.access import REASON, Kept, a_privacy_member, glass_broken, restricted
from tests.builders.identity import PASSWORD, a_user
from tests.builders.patients import a_patient
from tests.conftest import FrozenClock


@pytest.fixture
async def privacy(works: Works, admin: Actor) -> Actor:
    return await a_privacy_member(works, admin)


@pytest.fixture
async def kept(works: Works, doctor: Actor, admin: Actor) -> Kept:
    patient = await a_patient(works, doctor)
    return await restricted(works, admin, patient.id)


async def sees(works: Works, actor: Actor, patient_id: UUID) -> bool:
    async with works.begin(actor) as uow:
        found, _ = await patients.find_patients(uow, "okafor")
        try:
            await patients.get_patient(uow, patient_id)
        except patients.PatientNotFound:
            assert patient_id not in {one.id for one in found}
            return False
        assert patient_id in {one.id for one in found}
        return True


async def items(works: Works) -> list[tuple[str, str, int]]:
    async with works.sessions() as db:
        rows = await db.scalars(select(WorkItem).order_by(WorkItem.type))
        return [(row.type, row.status, row.occurrences) for row in rows]


async def trail(works: Works, patient_id: UUID) -> list[tuple[str, str | None]]:
    async with works.sessions() as db:
        rows = await db.scalars(
            select(audit.AuditEvent)
            .where(
                audit.AuditEvent.action.startswith("break-glass"),
                audit.AuditEvent.patient_id == patient_id,
            )
            .order_by(audit.AuditEvent.seq)
        )
        return [(row.action, row.detail.get("how")) for row in rows]


async def test_only_those_named_and_privacy_see_a_restricted_patient(
    works: Works,
    doctor: Actor,
    nurse: Actor,
    receptionist: Actor,
    *,
    admin: Actor,
    privacy: Actor,
) -> None:
    other = await a_user(works, Role.DOCTOR, username="doctor-two")
    patient = await a_patient(works, doctor)
    await restricted(works, admin, patient.id, [nurse.id])
    seen = {
        actor.id: await sees(works, actor, patient.id)
        for actor in (doctor, other, nurse, receptionist, admin, privacy)
    }
    assert [each for each, sees_them in seen.items() if sees_them] == [nurse.id, privacy.id]
    async with works.begin(Actor.system("relay")) as uow:
        assert (await patients.get_patient(uow, patient.id)).id == patient.id


async def test_naming_lifting_and_restricting_again(
    works: Works, doctor: Actor, admin: Actor, kept: Kept
) -> None:
    async with works.begin(admin) as uow:
        row = await access.name_exception(uow, kept.id, doctor.id)
    assert [one.user_id for one in row.exceptions] == [doctor.id]
    assert await sees(works, doctor, kept.patient_id)
    async with works.begin(admin) as uow:
        await access.unname_exception(uow, kept.id, doctor.id)
    assert not await sees(works, doctor, kept.patient_id)
    async with works.begin(admin) as uow:
        await access.lift(uow, kept.id, "left the clinic")
    assert await sees(works, doctor, kept.patient_id)
    async with works.begin(admin) as uow:
        with pytest.raises(access.RestrictionLifted):
            await access.lift(uow, kept.id, "again")
    await restricted(works, admin, kept.patient_id)
    assert not await sees(works, doctor, kept.patient_id)


async def test_it_holds_to_the_second(
    works: Works, doctor: Actor, clock: FrozenClock, kept: Kept
) -> None:
    assert not await sees(works, doctor, kept.patient_id)
    grant = await glass_broken(works, doctor, kept.patient_id)
    assert grant.expires_at - grant.granted_at == timedelta(hours=1)
    assert await sees(works, doctor, kept.patient_id)
    clock.advance(minutes=59, seconds=59)
    assert await sees(works, doctor, kept.patient_id)
    assert await tasks.end_expired(works) == 0
    clock.advance(seconds=1)
    assert not await sees(works, doctor, kept.patient_id)
    assert await tasks.end_expired(works) == 1
    assert await tasks.end_expired(works) == 0
    assert await trail(works, kept.patient_id) == [
        ("break-glass.begin", None),
        ("break-glass.end", "expired"),
    ]


async def test_it_may_end_early_and_be_broken_again(
    works: Works, doctor: Actor, kept: Kept
) -> None:
    grant = await glass_broken(works, doctor, kept.patient_id)
    async with works.begin(doctor) as uow:
        ended = await access.end_grant(uow, grant.id)
    assert ended.state is access.GrantState.ENDED
    assert not await sees(works, doctor, kept.patient_id)
    async with works.begin(doctor) as uow:
        with pytest.raises(access.GrantOver):
            await access.end_grant(uow, grant.id)
    assert (await glass_broken(works, doctor, kept.patient_id)).id != grant.id
    assert await trail(works, kept.patient_id) == [
        ("break-glass.begin", None),
        ("break-glass.end", "early"),
        ("break-glass.begin", None),
    ]


async def test_what_expired_before_anybody_wrote_it_down_does_not_hinder(
    works: Works, doctor: Actor, clock: FrozenClock, kept: Kept
) -> None:
    first = await glass_broken(works, doctor, kept.patient_id)
    clock.advance(hours=2)
    doctor = replace(doctor, authenticated_at=clock.now())
    second = await glass_broken(works, doctor, kept.patient_id)
    assert second.id != first.id
    assert await sees(works, doctor, kept.patient_id)
    assert [action for action, _ in await trail(works, kept.patient_id)] == [
        "break-glass.begin",
        "break-glass.end",
        "break-glass.begin",
    ]


async def test_sixteen_clicks_at_once_are_one_grant_one_alert_one_task(
    works: Works, doctor: Actor, kept: Kept
) -> None:
    found = await asyncio.gather(*(glass_broken(works, doctor, kept.patient_id) for _ in range(16)))
    assert len({grant.id for grant in found}) == 1
    assert await items(works) == [
        ("access.break-glass", "triggered", 1),
        ("access.review", "ready", 1),
    ]
    assert await trail(works, kept.patient_id) == [("break-glass.begin", None)]


async def test_it_opens_the_record_to_one_person_only_and_widens_no_role(
    works: Works, doctor: Actor, nurse: Actor, kept: Kept
) -> None:
    await glass_broken(works, nurse, kept.patient_id)
    assert await sees(works, nurse, kept.patient_id)
    assert not await sees(works, doctor, kept.patient_id)
    async with works.begin(nurse) as uow:
        with pytest.raises(access.MayNotReviewAccess):
            await access.list_grants(uow)
        with pytest.raises(access.MayNotRestrict):
            await access.lift(uow, kept.id, "for convenience")


async def test_who_may_not_and_what_there_is_nothing_to_break(
    works: Works, doctor: Actor, receptionist: Actor, admin: Actor, kept: Kept
) -> None:
    for actor in (receptionist, admin):
        async with works.begin(actor) as uow:
            with pytest.raises(access.MayNotBreakGlass):
                await access.break_glass(uow, kept.patient_id, REASON)
    open_to_all = await a_patient(works, doctor, given_name="Jonas")
    async with works.begin(doctor) as uow:
        with pytest.raises(access.NothingHidden):
            await access.break_glass(uow, open_to_all.id, REASON)
        with pytest.raises(patients.PatientNotFound):
            await access.break_glass(uow, uuid4(), REASON)


async def test_it_takes_a_fresh_session_or_the_password(
    works: Works, doctor: Actor, kept: Kept
) -> None:
    stale = replace(doctor, authenticated_at=None)
    async with works.begin(stale) as uow:
        with pytest.raises(access.GlassNeedsPassword):
            await access.break_glass(uow, kept.patient_id, REASON)
    async with works.begin(stale) as uow:
        with pytest.raises(identity.PasswordWrong):
            await access.break_glass(uow, kept.patient_id, REASON, "not-my-password")
    async with works.begin(stale) as uow:
        grant = await access.break_glass(uow, kept.patient_id, REASON, PASSWORD)
    assert grant.state is access.GrantState.RUNNING


async def test_it_works_without_redis(
    urls: StoreUrls, works: Works, clock: FrozenClock, doctor: Actor, kept: Kept
) -> None:
    without = StoreUrls(urls.database_url, urls.mongo_url, "redis://127.0.0.1:1/0")
    async with open_works(
        without, subscriptions=assembly.subscriptions(), clock=clock, documents=assembly.DOCUMENTS
    ) as alone:
        await glass_broken(alone, doctor, kept.patient_id)
        assert await sees(alone, doctor, kept.patient_id)


async def test_privacy_reviews_once_and_nothing_waits_any_more(
    works: Works, doctor: Actor, privacy: Actor, kept: Kept
) -> None:
    grant = await glass_broken(works, doctor, kept.patient_id)
    async with works.begin(privacy) as uow:
        with pytest.raises(access.RemarkMissing):
            await access.review_grant(uow, grant.id, access.Verdict.NOT_APPROPRIATE)
        reviewed = await access.review_grant(
            uow, grant.id, access.Verdict.NOT_APPROPRIATE, "They are not on the ward."
        )
        assert reviewed.review is not None
        with pytest.raises(access.AlreadyReviewed):
            await access.review_grant(uow, grant.id, access.Verdict.APPROPRIATE)
        assert (await access.list_grants(uow, unreviewed=True)).items == []
        assert [one.id for one in (await access.list_grants(uow)).items] == [grant.id]
    assert [(type_, status) for type_, status, _ in await items(works)] == [
        ("access.break-glass", "resolved"),
        ("access.review", "completed"),
    ]


async def test_nobody_reviews_their_own(
    works: Works, admin: Actor, doctor: Actor, privacy: Actor, kept: Kept
) -> None:
    grant = await glass_broken(works, doctor, kept.patient_id)
    async with works.begin(admin) as uow:
        await rosters.add_member(uow, patients.PRIVACY, doctor.id)
    async with works.begin(doctor) as uow:
        with pytest.raises(access.OwnGrant):
            await access.review_grant(uow, grant.id, access.Verdict.APPROPRIATE)


@pytest.mark.parametrize(
    "change",
    [
        "update break_glass_grants set expires_at = expires_at + interval '1 day'",
        "update break_glass_grants set reason = 'something else entirely'",
        "delete from break_glass_grants",
        "update patient_restrictions set reason = 'x'",
        "delete from patient_restrictions",
    ],
)
async def test_the_database_refuses_to_change_what_happened(
    works: Works, doctor: Actor, kept: Kept, change: str
) -> None:
    await glass_broken(works, doctor, kept.patient_id)
    with pytest.raises(Exception, match=r"never changes|append-only"):
        async with works.sessions.begin() as db:
            await db.execute(text(change))


async def test_records_of_which_one_is_restricted_are_not_merged(
    works: Works, doctor: Actor, admin: Actor, privacy: Actor, kept: Kept
) -> None:
    other = await a_patient(works, doctor, given_name="Maria")
    async with works.begin(doctor) as uow:
        with pytest.raises(patients.PatientNotFound):
            await patients.merge_patients(uow, other.id, kept.patient_id, "one person")
    async with works.begin(privacy) as uow:
        with pytest.raises(patients.RestrictionDiffers):
            await patients.merge_patients(uow, other.id, kept.patient_id, "one person")


async def test_a_record_merged_into_a_restricted_one_is_hidden_with_it(
    works: Works, doctor: Actor, admin: Actor, privacy: Actor
) -> None:
    one = await a_patient(works, doctor)
    other = await a_patient(works, doctor, given_name="Maria")
    async with works.begin(doctor) as uow:
        merge = await patients.merge_patients(uow, other.id, one.id, "one person")
    await restricted(works, admin, other.id)
    for patient_id in (one.id, other.id):
        async with works.begin(doctor) as uow:
            with pytest.raises(patients.PatientNotFound):
                await patients.get_patient(uow, patient_id)
    async with works.begin(privacy) as uow:
        with pytest.raises(patients.RestrictionDiffers):
            await patients.reverse_merge(uow, merge.id)
    assert (await glass_broken(works, doctor, other.id)).patient_id == one.id
