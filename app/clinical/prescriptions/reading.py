"""How prescriptions are put together from their rows, and how looking leaves a trace."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from app import audit, identity
from app.clinical.prescriptions import knowing, repository
from app.clinical.prescriptions.knowing import Known
from app.clinical.prescriptions.lifecycle import ItemStatus
from app.clinical.prescriptions.models import (
    Prescription,
    PrescriptionAnswer,
    PrescriptionCheck,
    PrescriptionFinding,
    PrescriptionItem,
)
from app.clinical.prescriptions.schemas import (
    AnswerOut,
    CheckOut,
    FindingOut,
    ItemOut,
    Person,
    PrescriptionOut,
)
from app.infra.uow import UnitOfWork

FINDING = ("kind", "outcome", "severity", "because", "about", "rule", "source", "as_of")
Answers = dict[tuple[UUID, UUID], PrescriptionAnswer]
Checks = dict[UUID, tuple[PrescriptionCheck, list[PrescriptionFinding]]]


async def record(
    uow: UnitOfWork,
    action: str,
    patient_id: UUID,
    subject: tuple[str, UUID] | None = None,
    **detail: Any,
) -> None:
    await audit.record(uow, action, patient_id=patient_id, subject=subject, detail=detail)


async def present(uow: UnitOfWork, prescription: Prescription) -> PrescriptionOut:
    return (await put_together(uow, [prescription]))[0]


async def put_together(
    uow: UnitOfWork, prescriptions: Sequence[Prescription]
) -> list[PrescriptionOut]:
    """Prescriptions of one person with their medicines, in few statements however many."""
    items = await repository.items_of(uow, [one.id for one in prescriptions])
    shown = await items_out(
        uow, [item for each in items.values() for item in each], prescriptions=prescriptions
    )
    names = await identity.names_of(uow, {one.prescriber_id for one in prescriptions})
    return [
        PrescriptionOut(
            id=one.id,
            patient_id=one.patient_id,
            encounter_id=one.encounter_id,
            note_id=one.note_id,
            prescriber=prescriber(one, names),
            version=one.version,
            created_at=one.created_at,
            issued_at=one.issued_at,
            content_sha256=one.content_sha256,
            items=[shown[item.id] for item in items[one.id]],
        )
        for one in prescriptions
    ]


async def items_out(
    uow: UnitOfWork,
    items: Sequence[PrescriptionItem],
    *,
    prescriptions: Iterable[Prescription] | None = None,
) -> dict[UUID, ItemOut]:
    """Medicines of one person by id, each with its last check."""
    if not items:
        return {}
    ids = [item.id for item in items]
    if prescriptions is None:
        found = await repository.by_ids(uow, {item.prescription_id for item in items})
        prescriptions = found.values()
    of = {one.id: one for one in prescriptions}
    checks = await repository.last_checks(uow, ids)
    answers = await repository.answers_of(uow, ids)
    reasons = await repository.last_reasons(uow, ids)
    people = {one.prescriber_id for one in of.values()}
    people |= {answer.answered_by for answer in answers.values()}
    names = await identity.names_of(uow, people)
    stale = await stale_among(uow, items, checks)
    return {
        item.id: ItemOut(
            **item.content.model_dump(),
            id=item.id,
            prescription_id=item.prescription_id,
            patient_id=item.patient_id,
            position=item.position,
            sig_text=item.sig_text,
            missing=list(item.content.sig.missing),
            status=item.status,
            status_at=item.status_at,
            status_reason=reasons.get(item.id),
            issued_at=of[item.prescription_id].issued_at,
            prescriber=prescriber(of[item.prescription_id], names),
            check=check_out(item, checks, answers, names, is_stale=item.id in stale),
        )
        for item in items
        if item.prescription_id in of
    }


async def stale_among(
    uow: UnitOfWork, items: Sequence[PrescriptionItem], checks: Checks
) -> set[UUID]:
    """Drafts whose check was told something else of the patient than what is known now."""
    drafts = [item for item in items if item.status is ItemStatus.DRAFT and item.id in checks]
    if not drafts:
        return set()
    known = await knowing.known_now(uow, drafts[0].patient_id)
    return {item.id for item in drafts if is_stale(known, drafts, item, checks[item.id][0])}


def is_stale(
    known: Known,
    drafts: Sequence[PrescriptionItem],
    item: PrescriptionItem,
    check: PrescriptionCheck,
) -> bool:
    together = [one for one in drafts if one.prescription_id == item.prescription_id]
    facts = known.facts_for(item.content, knowing.beside(together, item.id), itself=item.id)
    before = (check.item_version, check.facts_sha256)
    return before != (item.version, knowing.sha256_of(known, facts))


def check_out(
    item: PrescriptionItem,
    checks: Checks,
    answers: Answers,
    names: dict[UUID, str],
    *,
    is_stale: bool,
) -> CheckOut | None:
    if item.id not in checks:
        return None
    check, findings = checks[item.id]
    return CheckOut(
        release=check.release,
        checked_at=check.checked_at,
        stale=is_stale,
        findings=[
            FindingOut(
                id=row.finding_id,
                answer=answer_out(answers.get((item.id, row.finding_id)), names),
                **{name: getattr(row, name) for name in FINDING},
            )
            for row in findings
        ],
    )


def answer_out(answer: PrescriptionAnswer | None, names: dict[UUID, str]) -> AnswerOut | None:
    if answer is None:
        return None
    by = Person(id=answer.answered_by, name=names.get(answer.answered_by, ""))
    return AnswerOut(reason=answer.reason, by=by, at=answer.answered_at)


def prescriber(one: Prescription, names: dict[UUID, str]) -> Person:
    """Under the name they signed with."""
    return Person(id=one.prescriber_id, name=one.signer_name or names.get(one.prescriber_id, ""))


def ids_of(things: Collection[Any]) -> list[str]:
    return [str(thing.id) for thing in things]
