"""Results put together for whoever looks: rows, names and what changed. Audits nothing."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from app import identity
from app.clinical.results import repository
from app.clinical.results.answers import (
    AcknowledgementOut,
    CallbackOut,
    ChangeOut,
    CountingOut,
    MoveOut,
    ObservationOut,
    PersonOut,
    ReportOut,
    VersionOut,
    WholeReport,
)
from app.clinical.results.comparing import changes
from app.clinical.results.models import (
    DiagnosticReport,
    Observation,
    ReportVersion,
    ResultAcknowledgement,
    ResultCallback,
)
from app.infra.uow import UnitOfWork

Names = dict[UUID, str]
Told = tuple[ReportVersion, Sequence[Observation]]


async def reports_out(uow: UnitOfWork, rows: Sequence[DiagnosticReport]) -> list[ReportOut]:
    """As lists show them; audits nothing."""
    names = await identity.names_of(uow, {row.responsible_id for row in rows})
    return [report_out(row, names) for row in rows]


async def acknowledgement_seen(uow: UnitOfWork, row: ResultAcknowledgement) -> AcknowledgementOut:
    return acknowledgement_out(row, await identity.names_of(uow, {row.acknowledged_by}))


async def callback_seen(uow: UnitOfWork, row: ResultCallback) -> CallbackOut:
    people = {who for who in (row.called_by, row.told_user_id) if who}
    return callback_out(row, await identity.names_of(uow, people))


async def report_seen(uow: UnitOfWork, report: DiagnosticReport) -> ReportOut:
    return (await reports_out(uow, [report]))[0]


def report_out(row: DiagnosticReport, names: Names) -> ReportOut:
    return ReportOut(
        id=row.id,
        patient_id=row.patient_id,
        order_item_id=row.order_item_id,
        responsible=person(row.responsible_id, names),
        kind=row.kind,
        title=row.title,
        status=row.status,
        flag=row.flag,
        versions=row.versions,
        reported_at=row.reported_at,
        unacknowledged_since=row.unacknowledged_since,
        source=row.source,
        external_id=row.external_id,
    )


def person(user_id: UUID, names: Names) -> PersonOut:
    return PersonOut(id=user_id, name=names.get(user_id))


async def describe(uow: UnitOfWork, report: DiagnosticReport) -> WholeReport:
    """Everything about it in one answer; audits nothing: the verb before does."""
    versions = await repository.versions(uow, report.id)
    values = await repository.observations(uow, report.id)
    answers = await repository.acknowledgements(uow, report.id)
    calls = await repository.callbacks(uow, report.id)
    moves = await repository.moves(uow, report.id)
    people = {report.responsible_id, *(move.moved_by for move in moves)}
    people |= {each.reported_by for each in versions}
    people |= {each.acknowledged_by for each in answers.values()}
    people |= {who for each in calls for who in (each.called_by, each.told_user_id) if who}
    names = await identity.names_of(uow, people)
    told = [(version, values.get(version.number, [])) for version in versions]
    return WholeReport(
        **report_out(report, names).model_dump(),
        reports=[
            version_out(
                each,
                told[index + 1] if index + 1 < len(told) else None,
                answers.get(each[0].number),
                [call for call in calls if call.number == each[0].number],
                names,
            )
            for index, each in enumerate(told)
        ],
        moves=[
            MoveOut(
                from_status=move.from_status,
                to_status=move.to_status,
                reason=move.reason,
                by=person(move.moved_by, names),
                at=move.moved_at,
            )
            for move in moves
        ],
    )


async def counting_out(
    uow: UnitOfWork,
    found: Mapping[UUID, tuple[ReportVersion, ResultAcknowledgement | None]],
    values: Mapping[UUID, Sequence[Observation]],
) -> dict[UUID, CountingOut]:
    answers = [answer for _, answer in found.values() if answer is not None]
    names = await identity.names_of(uow, {answer.acknowledged_by for answer in answers})
    return {
        report_id: CountingOut(
            collected_at=version.collected_at,
            conclusion=version.conclusion,
            observations=[observation_out(each) for each in values.get(report_id, ())],
            acknowledgement=answer and acknowledgement_out(answer, names),
        )
        for report_id, (version, answer) in found.items()
    }


def version_out(
    told: Told,
    before: Told | None,
    answer: ResultAcknowledgement | None,
    calls: Sequence[ResultCallback],
    names: Names,
) -> VersionOut:
    row, values = told
    return VersionOut(
        number=row.number,
        status=row.status,
        conclusion=row.conclusion,
        flag=row.flag,
        collected_at=row.collected_at,
        issued_at=row.issued_at,
        reported_by=person(row.reported_by, names),
        reported_at=row.reported_at,
        observations=[observation_out(each) for each in values],
        changes=[ChangeOut(**each._asdict()) for each in changes(before, told)] if before else [],
        acknowledgement=answer and acknowledgement_out(answer, names),
        callbacks=[callback_out(each, names) for each in calls],
    )


def observation_out(row: Observation) -> ObservationOut:
    return ObservationOut(
        code=row.code,
        name=row.name,
        comparator=row.comparator,
        value=number(row.value_number),
        text=row.value_text,
        unit=row.unit,
        low=number(row.low),
        high=number(row.high),
        critical_low=number(row.critical_low),
        critical_high=number(row.critical_high),
        range_text=row.range_text,
        range_source=row.range_source,
        flag=row.flag,
        unjudged_because=row.unjudged_because,
    )


def acknowledgement_out(row: ResultAcknowledgement, names: Names) -> AcknowledgementOut:
    return AcknowledgementOut(
        number=row.number,
        decision=row.decision,
        note=row.note,
        follow_up_task_id=row.follow_up_task_id,
        acknowledged_by=person(row.acknowledged_by, names),
        acknowledged_at=row.acknowledged_at,
    )


def callback_out(row: ResultCallback, names: Names) -> CallbackOut:
    told = names.get(row.told_user_id, "") if row.told_user_id else row.told_name
    return CallbackOut(
        id=row.id,
        number=row.number,
        told=told or "",
        told_user_id=row.told_user_id,
        told_at=row.told_at,
        read_back=row.read_back,
        remark=row.remark,
        corrects_id=row.corrects_id,
        called_by=person(row.called_by, names),
        recorded_at=row.recorded_at,
    )


def number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
