"""Which rules there are, which hold on a day, and adding a version of one."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select, text

from app import audit
from app.crisis.reports.deadlines import Leg, LimitUnit
from app.crisis.reports.errors import (
    Fault,
    MayNotKeepReportRules,
    ReportRuleChanged,
    ReportRuleUnfit,
)
from app.crisis.reports.rule_models import ReportRule
from app.crisis.reports.rule_schemas import LimitOut, NewRuleVersion, RuleOut, SuspicionKind
from app.infra.uow import UnitOfWork
from app.work_queues.rosters import plans

ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended('report_rules:' || :key, 0))")


async def list_rules(uow: UnitOfWork, *, jurisdiction: str | None = None) -> list[RuleOut]:
    """Every version, by jurisdiction and key. Nothing in it is about a patient."""
    statement = select(ReportRule).order_by(
        ReportRule.jurisdiction, ReportRule.key, ReportRule.version
    )
    if jurisdiction is not None:
        statement = statement.where(ReportRule.jurisdiction == jurisdiction)
    return [rule_out(rule) for rule in await uow.db.scalars(statement)]


async def jurisdictions(uow: UnitOfWork) -> list[str]:
    """Where there is any rule."""
    statement = select(ReportRule.jurisdiction).distinct().order_by(ReportRule.jurisdiction)
    return list(await uow.db.scalars(statement))


async def rules_for(
    uow: UnitOfWork, jurisdiction: str, kind: SuspicionKind, day: date
) -> list[ReportRule]:
    """What holds for a suspicion formed on that day on the clinic's wall."""
    statement = select(ReportRule).where(ReportRule.jurisdiction == jurisdiction)
    found = await uow.db.scalars(statement.order_by(ReportRule.key, ReportRule.version))
    return [rule for rule in effective(found, day) if kind in rule.kinds]


def effective(versions: Iterable[ReportRule], day: date) -> list[ReportRule]:
    """Of each rule the latest version that had begun; one that had ended by then holds no more."""
    latest: dict[str, ReportRule] = {}
    for rule in versions:
        known = latest.get(rule.key)
        if rule.begun(day) and (known is None or known.version < rule.version):
            latest[rule.key] = rule
    return [rule for rule in latest.values() if not rule.ended(day)]


async def get_rule(uow: UnitOfWork, rule_id: UUID) -> ReportRule:
    return await uow.db.get_one(ReportRule, rule_id)


async def add_version(
    uow: UnitOfWork, key: str, said: NewRuleVersion, *, version: int
) -> ReportRule:
    """The next version of a rule; `version`: the one that was read, 0 for a new rule.

    What is due by an earlier version stays due by it. Raises `MayNotKeepReportRules`,
    `ReportRuleUnfit`, `ReportRuleChanged`.
    """
    if not await plans(uow):
        raise MayNotKeepReportRules
    require_sense(said)
    await uow.db.execute(ONE_AT_A_TIME, {"key": key})
    statement = select(ReportRule.version).where(ReportRule.key == key)
    current = max(await uow.db.scalars(statement), default=0)
    if current != version:
        raise ReportRuleChanged(expected_version=version, current_version=current)
    rule = ReportRule(
        key=key,
        version=current + 1,
        **said.model_dump(exclude={"oral", "written", "kinds"}),
        kinds=[kind.value for kind in dict.fromkeys(said.kinds)],
        **columns_of(Leg.ORAL, said.oral),
        **columns_of(Leg.WRITTEN, said.written),
        reviewed_by=uow.actor.id,
        reviewed_on=uow.today,
        created_by=uow.actor.id,
        created_at=uow.now,
    )
    uow.db.add(rule)
    await uow.db.flush()
    detail = {"version": rule.version, "jurisdiction": rule.jurisdiction}
    await audit.record(uow, "report_rule.add", subject=("report_rule", rule.id), detail=detail)
    return rule


def columns_of(leg: Leg, limit: LimitOut | None) -> dict[str, object]:
    unit, amount = (limit.unit, limit.amount) if limit else (None, None)
    return {f"{leg}_unit": unit, f"{leg}_amount": amount}


def require_sense(said: NewRuleVersion) -> None:
    """Raise `ReportRuleUnfit`."""
    faults: list[Fault] = []
    if said.oral is None and said.written is None:
        faults.append(fault("oral", "Say how it is due: by telephone, in writing or both.", "legs"))
    for leg, limit in ((Leg.ORAL, said.oral), (Leg.WRITTEN, said.written)):
        if limit and (limit.amount is None) is not (limit.unit is LimitUnit.AT_ONCE):
            why = "Say how many hours or working days; at once has no number."
            faults.append(fault(leg, why, "amount"))
    if said.effective_to is not None and said.effective_to < said.effective_from:
        faults.append(fault("effective_to", "It ends before it begins.", "effective_order"))
    if faults:
        raise ReportRuleUnfit(errors=faults)


def fault(field: str, why: str, rule: str) -> Fault:
    return Fault(at=["body", field], why=why, rule=rule)


def rule_out(rule: ReportRule) -> RuleOut:
    limits = {leg: rule.limit(leg) for leg in Leg}
    plain = {
        name: getattr(rule, name)
        for name in RuleOut.model_fields
        if name not in {"oral", "written", "unverified"}
    }
    told = {
        leg.value: limit and LimitOut(unit=limit.unit, amount=limit.amount)
        for leg, limit in limits.items()
    }
    return RuleOut.model_validate(plain | told | {"unverified": rule.doubt is not None})
