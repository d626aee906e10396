"""Records are restricted and opened again; the glass is broken, for a while and never unseen."""

from datetime import timedelta
from uuid import UUID, uuid4

from app import patients
from app.crisis.access import policies, reading, repository
from app.crisis.access.errors import (
    AlreadyRestricted,
    AlreadyReviewed,
    Fault,
    GrantNotFound,
    GrantOver,
    NothingHidden,
    OwnGrant,
    PersonUnfit,
    RemarkMissing,
    RestrictionLifted,
)
from app.crisis.access.events import GlassBroken
from app.crisis.access.models import BreakGlassReview
from app.crisis.access.schemas import GrantOut, RestrictionOut, Verdict
from app.infra.uow import UnitOfWork
from app.patients import BreakGlassGrant, PatientNotFound, PatientRestriction
from app.work_queues import alerts, rosters, tasks

ALERT, REVIEW = "access.break-glass", "access.review"  # kinds of work the migration made
USUALLY = timedelta(hours=1)


async def restrict(
    uow: UnitOfWork, patient_id: UUID, reason: str, people: list[UUID]
) -> RestrictionOut:
    """From now on only these people, privacy and whoever breaks the glass see the patient.

    Raises `MayNotRestrict`, `PatientNotFound`, `AlreadyRestricted`, `PersonUnfit`.
    """
    await policies.require_keeper(uow)
    patient = await patients.get_patient(uow, patient_id, lock=True)
    there = await patients.open_restriction(uow, patient.id)
    if there is not None:
        raise AlreadyRestricted(patient_id=patient.id, restriction_id=there.id)
    for number, person in enumerate(people):
        await require_fit(uow, person, ["exceptions", str(number)])
    row = PatientRestriction(
        patient_id=patient.id, reason=reason, restricted_by=uow.actor.id, restricted_at=uow.now
    )
    uow.db.add(row)
    await uow.db.flush()
    for person in people:
        await repository.name_person(uow, row.id, person)
    await reading.record_restriction(uow, "restrict", row, people=len(set(people)))
    return (await reading.restrictions_out(uow, [row]))[0]


async def require_fit(uow: UnitOfWork, person: UUID, at: list[str]) -> None:
    if not await rosters.can_receive(uow, person):
        raise PersonUnfit(
            errors=[Fault(at=["body", *at], why=PersonUnfit.title, rule="person_known")]
        )


async def lift(uow: UnitOfWork, restriction_id: UUID, reason: str) -> RestrictionOut:
    """Everybody sees the patient again who may see patients.

    Raises `MayNotRestrict`, `RestrictionNotFound`, `RestrictionLifted`.
    """
    row = await open_row(uow, restriction_id)
    row.lift(by=uow.actor.id, at=uow.now, reason=reason)
    await reading.record_restriction(uow, "lift", row)
    return (await reading.restrictions_out(uow, [row]))[0]


async def open_row(uow: UnitOfWork, restriction_id: UUID) -> PatientRestriction:
    await policies.require_keeper(uow)
    row = await repository.restriction(uow, restriction_id)
    if row.lifted_at is not None:
        raise RestrictionLifted(restriction_id=row.id)
    return row


async def name_exception(uow: UnitOfWork, restriction_id: UUID, user_id: UUID) -> RestrictionOut:
    """Somebody more sees the patient all the same; naming them again changes nothing."""
    row = await open_row(uow, restriction_id)
    await require_fit(uow, user_id, ["user_id"])
    await repository.name_person(uow, row.id, user_id)
    await reading.record_restriction(uow, "name", row, user=str(user_id))
    return (await reading.restrictions_out(uow, [row]))[0]


async def unname_exception(uow: UnitOfWork, restriction_id: UUID, user_id: UUID) -> RestrictionOut:
    """They see the patient no more; of somebody who was not named nothing changes."""
    row = await open_row(uow, restriction_id)
    await repository.unname_person(uow, row.id, user_id)
    await reading.record_restriction(uow, "unname", row, user=str(user_id))
    return (await reading.restrictions_out(uow, [row]))[0]


async def break_glass(
    uow: UnitOfWork,
    patient_id: UUID,
    reason: str,
    password: str | None = None,
    *,
    lasts: timedelta = USUALLY,
) -> GrantOut:
    """See a restricted patient for a while, as one's role sees patients; privacy is told.

    However often it is asked for, one running grant, one alert, one task. Raises
    `MayNotBreakGlass`, `GlassNeedsPassword`, `PasswordWrong`, `PatientNotFound`, `NothingHidden`.
    """
    policies.require_clinician(uow)
    await policies.require_reauthenticated(uow, password)
    restriction = await patients.open_restriction(uow, patient_id, lock=True)
    if restriction is None:
        await patients.get_patient(uow, patient_id)  # or there is no such patient
        raise NothingHidden(patient_id=patient_id)
    whom = restriction.patient_id
    running = await repository.open_grant(uow, whom)
    if running is not None and running.is_running(uow.now):
        return await shown(uow, running)
    if running is not None:
        await write_down_end(uow, running)
    if await sees(uow, whom):
        raise NothingHidden(patient_id=whom)
    grant = await repository.add_grant(
        uow,
        id=uuid4(),
        patient_id=whom,
        user_id=uow.actor.id,
        reason=reason,
        granted_at=uow.now,
        expires_at=uow.now + lasts,
    )
    if grant is None:  # somebody clicked twice, and the other click was quicker
        grant = await repository.open_grant(uow, whom)
        assert grant is not None
        return await shown(uow, grant)
    await tell_privacy(uow, grant)
    return await shown(uow, grant)


async def shown(uow: UnitOfWork, grant: BreakGlassGrant) -> GrantOut:
    review = await repository.review_of(uow, grant.id)
    return (await reading.grants_out(uow, [(grant, review)]))[0]


async def sees(uow: UnitOfWork, patient_id: UUID) -> bool:
    try:
        await patients.get_patient(uow, patient_id)
    except PatientNotFound:
        return False
    return True


def alert_of(grant_id: UUID) -> str:
    """What the alert is about, in a word: the same word opens and closes it."""
    return f"break-glass:{grant_id}:alert"


def review_of(grant_id: UUID) -> str:
    return f"break-glass:{grant_id}:review"


async def tell_privacy(uow: UnitOfWork, grant: BreakGlassGrant) -> None:
    subject = ("break_glass_grant", grant.id)
    await alerts.raise_alert(
        uow,
        alerts.NewAlert(
            type=ALERT,
            patient_id=grant.patient_id,
            subject=subject,
            cause_key=alert_of(grant.id),
        ),
    )
    await tasks.add_task(
        uow,
        tasks.NewTask(
            type=REVIEW,
            patient_id=grant.patient_id,
            subject=subject,
            cause_key=review_of(grant.id),
        ),
    )
    await uow.publish(
        GlassBroken(
            grant_id=grant.id,
            patient_id=grant.patient_id,
            user_id=grant.user_id,
            expires_at=grant.expires_at,
        )
    )
    await reading.record_grant(uow, "begin", grant, until=grant.expires_at.isoformat())


async def end_grant(uow: UnitOfWork, grant_id: UUID) -> GrantOut:
    """Before its time, by whoever broke the glass or by privacy.

    Raises `GrantNotFound`, `GrantOver`.
    """
    grant = await repository.grant(uow, grant_id)
    if grant.user_id != uow.actor.id and not await policies.keeps_privacy(uow):
        raise GrantNotFound(grant_id=grant_id)
    if not grant.is_running(uow.now):
        raise GrantOver(grant_id=grant.id, over_since=grant.ended_at or grant.expires_at)
    grant.end(by=uow.actor.id, at=uow.now)
    await reading.record_grant(uow, "end", grant, how="early")
    return await shown(uow, grant)


async def write_down_end(uow: UnitOfWork, grant: BreakGlassGrant) -> None:
    """Its time is over; nobody saw anything since, whenever this is written."""
    grant.end(by=uow.actor.id, at=grant.expires_at)
    await uow.db.flush()
    await reading.record_grant(uow, "end", grant, how="expired", at=grant.expires_at.isoformat())


async def review_grant(
    uow: UnitOfWork, grant_id: UUID, verdict: Verdict, remark: str | None = None
) -> GrantOut:
    """What privacy thinks of it, once; the alert and the task are done with.

    Raises `MayNotReviewAccess`, `GrantNotFound`, `OwnGrant`, `AlreadyReviewed`, `RemarkMissing`.
    """
    await policies.require_privacy(uow)
    grant = await repository.grant(uow, grant_id)
    if grant.user_id == uow.actor.id:
        raise OwnGrant(grant_id=grant.id)
    if await repository.review_of(uow, grant.id) is not None:
        raise AlreadyReviewed(grant_id=grant.id)
    if verdict is Verdict.NOT_APPROPRIATE and remark is None:
        raise RemarkMissing(
            errors=[Fault(at=["body", "remark"], why=RemarkMissing.title, rule="remark_required")]
        )
    review = BreakGlassReview(
        grant_id=grant.id,
        verdict=verdict,
        remark=remark,
        reviewed_by=uow.actor.id,
        reviewed_at=uow.now,
    )
    uow.db.add(review)
    await uow.db.flush()
    await alerts.resolve_cause(uow, alert_of(grant.id))
    await tasks.close_cause(uow, review_of(grant.id))
    await reading.record_grant(uow, "review", grant, verdict=verdict)
    return (await reading.grants_out(uow, [(grant, review)]))[0]
