"""Checks: every medicine before it is issued, every time what is known has changed.

What a check found is kept, with the release of the formulary it was made with. A warning stands
until somebody gives a reason; what was not checked until somebody says that they know.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from app.clinical import formulary
from app.clinical.formulary import CheckKind, Finding, Outcome, PatientFacts, Severity
from app.clinical.prescriptions import knowing, repository
from app.clinical.prescriptions.errors import NotCheckedUnacknowledged, WarningsUnanswered
from app.clinical.prescriptions.knowing import Known
from app.clinical.prescriptions.lifecycle import ItemStatus
from app.clinical.prescriptions.models import (
    PrescriptionCheck,
    PrescriptionFinding,
    PrescriptionItem,
)
from app.clinical.prescriptions.schemas import ItemContent
from app.infra.uow import UnitOfWork

NAMESPACE = UUID("2f9a5f1e-7a47-4e57-9f0c-4c0a1d1f6b10")
OF_OTHER_MEDICINES = (CheckKind.INTERACTION, CheckKind.DUPLICATE)
NOBODY_ASKED = "Nobody has asked yet what else this patient takes."
GRAVITY = {Severity.CONTRAINDICATED: 0, Severity.MAJOR: 1, Severity.MODERATE: 2, None: 3}
OUTCOMES = {Outcome.WARNING: 0, Outcome.NOT_CHECKED: 1, Outcome.NOTHING_FOUND: 2}


@dataclass(frozen=True, slots=True)
class Checked:
    """What one medicine's check came to. `facts_sha256`: what it was told of the patient."""

    item_id: UUID
    item_version: int
    findings: tuple[Finding, ...]
    facts_sha256: str
    release: str | None

    @property
    def ids(self) -> dict[UUID, Finding]:
        return {finding_id(self.item_id, finding): finding for finding in self.findings}

    def waiting(self, outcome: Outcome, answered: Iterable[tuple[UUID, UUID]]) -> list[UUID]:
        """The findings of that outcome that nobody has answered."""
        known = {finding for item, finding in answered if item == self.item_id}
        return [key for key, one in self.ids.items() if one.outcome is outcome and key not in known]


async def look(
    uow: UnitOfWork, known: Known, content: ItemContent, facts: PatientFacts
) -> tuple[Finding, ...]:
    """What the formulary says of a medicine for this patient; the gravest first."""
    return in_order(known, await formulary.check(uow, knowing.medicine_of(content), facts))


def in_order(known: Known, found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(as_known(known, found), key=gravest_first))


def as_known(known: Known, found: Iterable[Finding]) -> list[Finding]:
    """Where nobody has asked what else is taken, nothing is found, but nothing is fine either."""
    if known.recorded is not None:
        return list(found)
    kept = [
        each
        for each in found
        if each.kind not in OF_OTHER_MEDICINES or each.outcome is not Outcome.NOTHING_FOUND
    ]
    return kept + [
        Finding(kind=kind, outcome=Outcome.NOT_CHECKED, because=NOBODY_ASKED)
        for kind in OF_OTHER_MEDICINES
    ]


def gravest_first(finding: Finding) -> tuple[int, int, int]:
    kinds = list(CheckKind)
    return (OUTCOMES[finding.outcome], GRAVITY[finding.severity], kinds.index(finding.kind))


def finding_id(item_id: UUID, finding: Finding) -> UUID:
    """The same words about the same medicine are the same finding, whenever they are found.

    Not the source: a release that says the same from elsewhere asks nobody again.
    """
    told = (finding.kind, finding.outcome, finding.severity, finding.because, finding.about)
    text = json.dumps([*told, finding.rule])
    return uuid5(NAMESPACE, f"{item_id}:{text}")


async def check_items(
    uow: UnitOfWork, known: Known, items: Sequence[PrescriptionItem]
) -> list[Checked]:
    """Each of these medicines, those that are drafted beside one another; by one release."""
    asked = [
        (item, known.facts_for(item.content, knowing.beside(items, item.id), itself=item.id))
        for item in items
    ]
    release, found = await formulary.check_together(
        uow, [(knowing.medicine_of(item.content), facts) for item, facts in asked]
    )
    return [
        Checked(
            item_id=item.id,
            item_version=item.version,
            findings=in_order(known, findings),
            facts_sha256=knowing.sha256_of(known, facts),
            release=release,
        )
        for (item, facts), findings in zip(asked, found, strict=True)
    ]


async def keep(uow: UnitOfWork, checked: Iterable[Checked]) -> None:
    """Store what was found, but for what the last check of that version said already."""
    new = list(checked)
    last = await repository.last_checks(uow, [one.item_id for one in new])
    for one in new:
        if one.item_id in last and says_the_same(*last[one.item_id], one):
            continue
        check = PrescriptionCheck(
            item_id=one.item_id,
            item_version=one.item_version,
            release=one.release,
            facts_sha256=one.facts_sha256,
            checked_by=uow.actor.id,
            checked_at=uow.now,
        )
        uow.db.add(check)
        await uow.db.flush()
        uow.db.add_all(
            PrescriptionFinding(
                check_seq=check.seq,
                position=position,
                finding_id=finding_id(one.item_id, finding),
                **finding.model_dump(),
            )
            for position, finding in enumerate(one.findings, start=1)
        )
    await uow.db.flush()


def says_the_same(
    check: PrescriptionCheck, findings: Sequence[PrescriptionFinding], new: Checked
) -> bool:
    before = (check.item_version, check.facts_sha256, check.release)
    ids = [row.finding_id for row in findings]
    return before == (new.item_version, new.facts_sha256, new.release) and ids == list(new.ids)


async def check_draft(
    uow: UnitOfWork, known: Known, items: Sequence[PrescriptionItem]
) -> list[Checked]:
    """Check all that is still drafted of a prescription, and keep what was found."""
    drafted = [item for item in items if item.status is ItemStatus.DRAFT]
    checked = await check_items(uow, known, drafted)
    await keep(uow, checked)
    return checked


async def require_answers(
    uow: UnitOfWork, checked: Sequence[Checked], *, warnings_only: bool = False
) -> None:
    """Raises `WarningsUnanswered`, `NotCheckedUnacknowledged`.

    What was found is kept in a unit of work of its own: the refusal takes back everything else,
    and the page has to show it.
    """
    answered = await repository.answers_of(uow, [one.item_id for one in checked])
    warnings = [key for one in checked for key in one.waiting(Outcome.WARNING, answered)]
    unchecked = [key for one in checked for key in one.waiting(Outcome.NOT_CHECKED, answered)]
    if warnings_only:
        unchecked = []
    if not (warnings or unchecked):
        await keep(uow, checked)
        return
    async with uow.aside() as aside:
        await keep(aside, checked)
    if warnings:
        raise WarningsUnanswered(findings=warnings)
    raise NotCheckedUnacknowledged(findings=unchecked)
