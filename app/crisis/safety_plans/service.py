"""What can be done with safety plans.

The version of a working copy is decided in Mongo, by compare-and-set, and is nowhere else. A
published text is written there first, and its row, which points to it, second.
"""

from datetime import timedelta
from uuid import UUID, uuid5

from app import patients
from app.crisis.safety_plans import policies, reading, repository, texts
from app.crisis.safety_plans.documents import PlanWorkingCopy, PublishedPlan, sha256_of
from app.crisis.safety_plans.errors import (
    Fault,
    SafetyPlanChanged,
    SafetyPlanIncomplete,
    SafetyPlanNotInUse,
)
from app.crisis.safety_plans.events import SafetyPlanPublished, SafetyPlanWithdrawn
from app.crisis.safety_plans.lifecycle import PlanStatus
from app.crisis.safety_plans.models import SafetyPlan, SafetyPlanVersion
from app.crisis.safety_plans.reviewing import ask_for_review, no_review
from app.crisis.safety_plans.schemas import (
    REQUIRED,
    USUAL_REVIEW,
    Contact,
    PlanContent,
    SafetyPlanOut,
    VersionOut,
)
from app.infra.uow import UnitOfWork

NAMESPACE = UUID("0c1f6a52-52d8-4c0c-9a0e-3a4f0f6f4b21")


async def begin_plan(uow: UnitOfWork, patient_id: UUID) -> SafetyPlanOut:
    """The working copy of a patient's plan; the one that is there, if there is one.

    In step 5 it begins with the services anybody may turn to. Raises `PatientNotFound`.
    """
    policies.require_clinician(uow)
    patient = await patients.get_patient(uow, patient_id)
    if not await repository.of_patient(uow, patient.id):
        plan_id = uuid5(NAMESPACE, str(patient.id))  # two who begin at once begin the same plan
        await texts.begin(
            uow,
            PlanWorkingCopy(
                id=plan_id,
                patient_id=patient.id,
                version=1,
                content=PlanContent(professionals=await offered(uow)),
                updated_at=uow.now,
                updated_by=uow.actor.id,
            ),
        )
        await repository.add_unless_there(
            uow, id=plan_id, patient_id=patient.id, begun_by=uow.actor.id, begun_at=uow.now
        )
    plan = (await repository.of_patient(uow, patient.id))[0]
    await reading.record(uow, "begin", patient.id, plan.id)
    return (await reading.put_together(uow, [plan]))[0]


async def offered(uow: UnitOfWork) -> tuple[Contact, ...]:
    found = await repository.services(uow, uow.today)
    return tuple(Contact(name=f"{one.name}, {one.hint}", phone=one.phone) for one in found)


async def save_working_copy(
    uow: UnitOfWork, plan_id: UUID, content: PlanContent, *, version: int
) -> SafetyPlanOut:
    """Type in the working copy; raises `SafetyPlanChanged` when `version` is not the current one.

    The same save sent twice is a success.
    """
    policies.require_clinician(uow)
    plan = await repository.get(uow, plan_id, lock=True)
    copy = (await texts.working_copies(uow, [plan.id]))[plan.id]
    typed = copy.model_copy(
        update={
            "content": content,
            "version": version + 1,
            "updated_at": uow.now,
            "updated_by": uow.actor.id,
        }
    )
    if copy.version == version:
        if not await texts.exchange(uow, typed, seen=version):
            raise await changed(uow, plan, version)
        copy = typed
    elif not is_repetition(copy, typed):
        raise await changed(uow, plan, version)
    await reading.record(uow, "save", plan.patient_id, plan.id, version=copy.version)
    current = await repository.current_versions(uow, [plan.id])
    return reading.plan_out(plan, copy, current.get(plan.id))


def is_repetition(copy: PlanWorkingCopy, typed: PlanWorkingCopy) -> bool:
    """A save whose answer was lost: it is what the version after the one seen already says."""
    said = (typed.version, typed.content, typed.updated_by)
    return (copy.version, copy.content, copy.updated_by) == said


async def changed(uow: UnitOfWork, plan: SafetyPlan, version: int) -> SafetyPlanChanged:
    copy = (await texts.working_copies(uow, [plan.id]))[plan.id]
    return SafetyPlanChanged(
        plan_id=plan.id, expected_version=version, current_version=copy.version
    )


async def publish_plan(
    uow: UnitOfWork, plan_id: UUID, *, version: int, review_in_days: int = USUAL_REVIEW
) -> VersionOut:
    """Freeze exactly the working copy that was seen as the version in use.

    The one before is superseded. Raises `SafetyPlanChanged`, `SafetyPlanIncomplete`.
    """
    policies.require_clinician(uow)
    plan = await repository.get(uow, plan_id, lock=True)
    copy = (await texts.working_copies(uow, [plan.id]))[plan.id]
    if copy.version != version:
        raise await changed(uow, plan, version)
    require_complete(copy.content)
    await supersede(uow, plan)
    row = await freeze(uow, plan, copy.content, review_in_days)
    await ask_for_review(uow, plan, row.number, row.review_on)
    await uow.publish(
        SafetyPlanPublished(plan_id=plan.id, patient_id=plan.patient_id, version=row.number)
    )
    await reading.record(uow, "publish", plan.patient_id, plan.id, version=row.number)
    return reading.version_out(plan, row)


def require_complete(content: PlanContent) -> None:
    missing = [name for name in REQUIRED if not getattr(content, name).strip()]
    if missing:
        raise SafetyPlanIncomplete(
            errors=[
                Fault(
                    at=["body", name],
                    why=f"Step {REQUIRED[name]} is empty.",
                    rule="step_required",
                )
                for name in missing
            ]
        )


async def supersede(uow: UnitOfWork, plan: SafetyPlan) -> None:
    current = (await repository.current_versions(uow, [plan.id])).get(plan.id)
    if current is not None:
        uow.db.add(current.move_to(PlanStatus.SUPERSEDED, by=uow.actor.id, at=uow.now))
        await uow.db.flush()  # one at most is in use, also for the database
        await no_review(uow, plan, current.number)


async def freeze(
    uow: UnitOfWork, plan: SafetyPlan, content: PlanContent, review_in_days: int
) -> SafetyPlanVersion:
    number = plan.versions_published + 1
    sha256 = sha256_of(plan.id, number, content)
    document = PublishedPlan(
        id=uuid5(plan.id, sha256),
        plan_id=plan.id,
        patient_id=plan.patient_id,
        number=number,
        content=content,
        content_sha256=sha256,
        published_at=uow.now,
    )
    await texts.freeze(uow, document)
    row = SafetyPlanVersion(
        plan_id=plan.id,
        number=number,
        document_id=document.id,
        content_sha256=sha256,
        status=PlanStatus.CURRENT,
        review_on=uow.today + timedelta(days=review_in_days),
        published_by=uow.actor.id,
        author_name=uow.actor.name,
        published_at=uow.now,
    )
    uow.db.add(row)
    plan.versions_published = number
    await uow.db.flush()
    uow.db.add(row.moved(None, by=uow.actor.id, at=uow.now))
    return row


async def withdraw_plan(uow: UnitOfWork, plan_id: UUID, number: int, *, reason: str) -> VersionOut:
    """The version in use counts no more; the working copy stays as it is.

    Raises `SafetyPlanVersionNotFound`, `SafetyPlanNotInUse` when it is not in use.
    """
    policies.require_clinician(uow)
    plan = await repository.get(uow, plan_id, lock=True)
    row = await repository.version(uow, plan.id, number)
    if row.status is not PlanStatus.CURRENT:
        raise SafetyPlanNotInUse(plan_id=plan.id)
    uow.db.add(row.move_to(PlanStatus.WITHDRAWN, by=uow.actor.id, at=uow.now, reason=reason))
    await no_review(uow, plan, number)
    await uow.publish(
        SafetyPlanWithdrawn(plan_id=plan.id, patient_id=plan.patient_id, version=number)
    )
    await reading.record(uow, "withdraw", plan.patient_id, plan.id, version=number)
    return reading.version_out(plan, row, reason)
