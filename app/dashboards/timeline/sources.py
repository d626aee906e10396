"""Where entries come from: one declaration for each kind.

A new kind is a member of `EntryKind`, a `Source` here, and its words in the presenter of the chart.
Whoever was built without it is built anew before they are read: nothing has to be migrated.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zlib import crc32

from app.clinical import encounters, notes, orders, prescriptions, problems, results
from app.crisis import episodes, risk, safety_plans, screenings, signals
from app.dashboards.timeline.schemas import EntryKind
from app.dashboards.timeline.vitals import follow_signed
from app.infra.uow import UnitOfWork
from app.kernel.events import DomainEvent
from app.scheduling import appointments
from app.work_queues import items

Beside = Callable[[UnitOfWork, Sequence[UUID]], Awaitable[Mapping[UUID, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One kind of entry.

    `facts`: after which facts to look again, and which field of theirs names the source.
    `of_patient`: the ids of the sources that stand under the record `:patient`, as `id`.
    `rows`: the entries of the sources in `asked` (id, gist) as they are now, with the columns of
    `COLUMNS`. What should not be there is no row; what stands there in error says so in `status`.
    `at_desk`: people who see no clinical content see it too, without the column `clinical`.
    `beside`: what is kept beside the entries; returns a gist of sources that have one.
    """

    kind: EntryKind
    facts: Mapping[type[DomainEvent], str]
    of_patient: str
    rows: str
    at_desk: bool = False
    beside: Beside | None = None


COLUMNS = (
    "patient_id",
    "source_id",
    "part",
    "at",
    "encounter_id",
    "title",
    "detail",
    "clinical",
    "status",
    "flag",
    "only_for",
)

SOURCES = (
    Source(
        kind=EntryKind.APPOINTMENT,
        at_desk=True,
        facts={
            appointments.AppointmentBooked: "appointment_id",
            appointments.AppointmentMoved: "appointment_id",
            appointments.AppointmentEdited: "appointment_id",
            appointments.AppointmentRepointed: "appointment_id",
            appointments.AppointmentStatusChanged: "appointment_id",
        },
        of_patient="select id from appointments where patient_id = :patient",
        rows="""
            select a.patient_id, a.id, '', a.starts_at, null, 'Appointment: ' || type.name,
                who.full_name, a.reason, a.status, null, null
            from asked join appointments a on a.id = asked.id
            join visit_types type on type.id = a.visit_type_id
            join users who on who.id = a.practitioner_id
            where a.patient_id is not null and a.status not in ('pending', 'entered-in-error')
            and (a.status <> 'cancelled' or a.booked_at is not null)""",
    ),
    Source(
        kind=EntryKind.ENCOUNTER,
        at_desk=True,
        facts={encounters.EncounterMoved: "encounter_id"},
        of_patient="select id from encounters where patient_id = :patient",
        rows="""
            select e.patient_id, e.id, '', e.started_at, e.id,
                case e.kind when 'walk-in' then 'Walk-in visit' else 'Visit' end,
                who.full_name, e.reason, e.status, null, null
            from asked join encounters e on e.id = asked.id
            join users who on who.id = e.practitioner_id""",
    ),
    Source(
        kind=EntryKind.NOTE,
        facts={
            notes.WorkingCopyOpened: "note_id",
            notes.NoteSigned: "note_id",
            notes.AddendumSigned: "note_id",
            notes.NoteEnteredInError: "note_id",
        },
        of_patient="select id from notes where patient_id = :patient",
        rows="""
            select n.patient_id, n.id, 'draft', n.created_at, n.encounter_id,
                replace(initcap(n.type) || ' note', 'Soap', 'SOAP'), who.full_name,
                null, 'draft', null, n.author_id
            from asked join notes n on n.id = asked.id join users who on who.id = n.author_id
            where n.status = 'draft' and n.revision = 0
            union all
            select n.patient_id, n.id, case r.revision when 1 then 'signed'
                else 'revision ' || r.revision end, r.signed_at, n.encounter_id,
                case r.revision when 1 then '' else 'Amendment: ' end
                    || replace(initcap(n.type) || ' note', 'Soap', 'SOAP'),
                r.signer_name, case r.revision when 1 then asked.gist else r.reason end,
                case when n.status = 'entered-in-error' or r.revision = 1 then n.status
                else 'signed' end, null, null
            from asked join notes n on n.id = asked.id
            join note_revisions r on r.note_id = n.id
            union all
            select n.patient_id, n.id, 'addendum ' || a.sequence, a.signed_at, n.encounter_id,
                'Addendum: ' || replace(initcap(n.type) || ' note', 'Soap', 'SOAP'),
                a.signer_name, null,
                case n.status when 'entered-in-error' then n.status else 'signed' end, null, null
            from asked join notes n on n.id = asked.id
            join note_addenda a on a.note_id = n.id""",
        beside=follow_signed,
    ),
    Source(
        kind=EntryKind.PRESCRIPTION,
        facts={
            prescriptions.PrescriptionIssued: "prescription_id",
            prescriptions.PrescriptionItemMoved: "prescription_id",
        },
        of_patient="""
            select id from prescriptions where patient_id = :patient and issued_at is not null""",
        rows="""
            select p.patient_id, p.id, 'issued', p.issued_at, p.encounter_id, 'Prescription',
                p.signer_name, (
                    select string_agg(i.name || ': ' || i.sig_text, '; ' order by i.position)
                    from prescription_items i where i.prescription_id = p.id),
                case when exists (select from prescription_items i where i.prescription_id = p.id
                    and i.status <> 'entered-in-error') then 'issued' else 'entered-in-error' end,
                null, null
            from asked join prescriptions p on p.id = asked.id where p.issued_at is not null
            union all
            select p.patient_id, p.id, 'move ' || m.seq, m.moved_at, p.encounter_id,
                case m.to_status when 'on-hold' then 'Medicine on hold'
                    when 'active' then 'Medicine taken again' when 'stopped' then 'Medicine stopped'
                    when 'completed' then 'Medicine finished' else 'Medicine cancelled' end,
                who.full_name, i.name || coalesce(': ' || m.reason, ''),
                case i.status when 'entered-in-error' then i.status else m.to_status end,
                null, null
            from asked join prescriptions p on p.id = asked.id
            join prescription_items i on i.prescription_id = p.id
            join prescription_item_moves m on m.item_id = i.id
            left join users who on who.id = m.moved_by
            where p.issued_at is not null and m.from_status <> 'draft'
            and m.to_status <> 'entered-in-error'""",
    ),
    Source(
        kind=EntryKind.ORDER,
        facts={
            orders.OrderPlaced: "order_id",
            orders.OrderItemMoved: "order_id",
            orders.SpecimenCollected: "order_id",
        },
        of_patient="""
            select id from orders where patient_id = :patient and placed_at is not null""",
        rows="""
            select o.patient_id, o.id, '', o.placed_at, o.encounter_id,
                case o.priority when 'routine' then 'Order' else 'Order, ' || o.priority end,
                who.full_name, string_agg(i.name || case i.status when 'active' then ''
                    else ' (' || replace(i.status, '-', ' ') || ')' end, ', ' order by i.position),
                case when bool_and(i.status = 'entered-in-error') then 'entered-in-error'
                    when bool_or(i.status in ('active', 'on-hold')) then 'active'
                    when bool_or(i.status = 'completed') then 'completed' else 'revoked' end,
                null, null
            from asked join orders o on o.id = asked.id
            join order_items i on i.order_id = o.id
            join users who on who.id = o.orderer_id
            where o.placed_at is not null group by o.id, who.full_name""",
    ),
    Source(
        kind=EntryKind.RESULT,
        facts={
            results.ResultReported: "report_id",
            results.ResultAcknowledged: "report_id",
            results.ResultWithdrawn: "report_id",
        },
        of_patient="select id from diagnostic_reports where patient_id = :patient",
        rows="""
            select r.patient_id, r.id, '', r.reported_at, o.encounter_id, 'Result: ' || r.title,
                who.full_name, coalesce((
                    select string_agg(v.name || ' ' || coalesce(v.comparator, '')
                        || coalesce(v.value_number::text, v.value_text)
                        || coalesce(' ' || v.unit, '')
                        || case when v.flag in ('normal', 'not-judged') then ''
                            else ' (' || replace(v.flag, '-', ' ') || ')' end,
                        '; ' order by v.position)
                    from observations v where v.report_id = r.id and v.number = r.versions),
                    version.conclusion),
                case when r.unacknowledged_since is null then r.status
                    else r.status || ', to acknowledge' end,
                case when r.flag like 'critical%' then 'bad'
                    when r.flag in ('abnormal', 'low', 'high') then 'warn' end, null
            from asked join diagnostic_reports r on r.id = asked.id
            join report_versions version
                on version.report_id = r.id and version.number = r.versions
            left join order_items i on i.id = r.order_item_id
            left join orders o on o.id = i.order_id
            join users who on who.id = r.responsible_id where r.status <> 'cancelled'""",
    ),
    Source(
        kind=EntryKind.PROBLEM,
        facts={
            problems.ProblemRecorded: "problem_id",
            problems.ProblemChanged: "problem_id",
            problems.ProblemMoved: "problem_id",
        },
        of_patient="select id from problems where patient_id = :patient",
        rows="""
            select p.patient_id, p.id, '', p.recorded_at, p.encounter_id, 'Problem',
                who.full_name, p.description || coalesce(' (' || p.code || ')', ''),
                case when p.verification_status in ('refuted', 'entered-in-error')
                    then p.verification_status else p.clinical_status end, null, null
            from asked join problems p on p.id = asked.id
            join users who on who.id = p.recorded_by
            union all
            select p.patient_id, p.id, 'move ' || m.seq, m.moved_at, null,
                'Problem: ' || m.to_clinical, who.full_name,
                p.description || coalesce(': ' || m.reason, ''),
                case p.verification_status when 'entered-in-error' then 'entered-in-error'
                    else m.to_clinical end, null, null
            from asked join problems p on p.id = asked.id
            join problem_moves m on m.problem_id = p.id
            left join users who on who.id = m.moved_by
            where m.from_clinical is not null and m.from_clinical <> m.to_clinical""",
    ),
    Source(
        kind=EntryKind.ALERT,
        facts={
            items.WorkItemOpened: "item_id",
            items.WorkItemClosed: "item_id",
            items.WorkItemHandedOver: "item_id",
        },
        of_patient="select id from work_items where patient_id = :patient and kind = 'alert'",
        # Of doctors and nurses only: others' queues, such as that of reports, are theirs alone.
        # What was theirs and climbed to where more are told stays in the history.
        rows="""
            select w.patient_id, w.id, '', w.created_at, null, 'Alert: ' || w.title, pool.name,
                null, case when w.closed_at is null then 'open' else w.status end,
                case w.severity when 'critical' then 'bad' when 'high' then 'warn' end, null
            from asked join work_items w on w.id = asked.id
            join pools pool on pool.id = w.pool_id
            join work_types type on type.code = w.type join pools first on first.id = type.pool_id
            where w.kind = 'alert' and w.patient_id is not null
            and (pool.role in ('doctor', 'nurse') or first.role in ('doctor', 'nurse') and exists (
                select from escalations step where step.item_id = w.id and step.status = 'fired'
                and step.target = 'pool' and step.pool_id = w.pool_id))""",
    ),
    Source(
        kind=EntryKind.SCREENING,
        facts={
            screenings.ScreeningCompleted: "screening_id",
            screenings.ScreeningEnteredInError: "screening_id",
        },
        of_patient="select id from screenings where patient_id = :patient",
        rows="""
            select r.patient_id, s.id, '', r.decided_at, s.encounter_id, form.title,
                who.full_name,
                'risk by this screening: '
                    || replace(r.level, 'undetermined', 'undetermined, needs a look'), s.status,
                case when r.positive then 'warn' end, null
            from asked join screenings s on s.id = asked.id
            join screening_results r on r.screening_id = s.id
            join screening_instruments form
                on (form.key, form.version) = (r.instrument, r.instrument_version)
            join users who on who.id = r.decided_by""",
    ),
    Source(
        kind=EntryKind.SIGNAL,
        facts={
            signals.SignalConfirmed: "signal_id",
            signals.SignalDismissed: "signal_id",
        },
        of_patient="select id from signals where patient_id = :patient",
        rows="""
            select s.patient_id, s.id, '', s.answered_at, s.encounter_id,
                'Danger sign: ' || replace(s.concept, '_', ' '), who.full_name, s.quote, s.status,
                case when s.critical then 'bad' else 'warn' end, null
            from asked join signals s on s.id = asked.id
            left join users who on who.id = s.answered_by
            where s.status = 'confirmed'""",
    ),
    Source(
        kind=EntryKind.RISK,
        facts={risk.RiskDecided: "patient_id"},
        of_patient="""
            select cast(:patient as uuid) as id
            where exists (select from risk_moves where patient_id = :patient)""",
        rows="""
            select m.patient_id, m.patient_id, m.seq::text, m.moved_at, null,
                'Risk: ' || replace(m.to_level, 'undetermined', 'undetermined, needs a look'),
                who.full_name, m.reason, m.change,
                case m.to_level when 'high' then 'bad' when 'moderate' then 'warn'
                when 'undetermined' then 'warn' end, null
            from asked join risk_moves m on m.patient_id = asked.id
            left join users who on who.id = m.moved_by""",
    ),
    Source(
        kind=EntryKind.EPISODE,
        facts={episodes.EpisodeOpened: "episode_id", episodes.EpisodeEnded: "episode_id"},
        of_patient="select id from crisis_episodes where patient_id = :patient",
        rows="""
            select e.patient_id, e.id, 'opened', e.opened_at, null, 'Crisis episode opened',
                who.full_name, null, e.status, 'bad', null
            from asked join crisis_episodes e on e.id = asked.id
            left join users who on who.id = e.opened_by
            union all
            select e.patient_id, e.id, 'closed', e.closed_at, null, 'Crisis episode closed',
                who.full_name, null, e.status, null, null
            from asked join crisis_episodes e on e.id = asked.id
            left join users who on who.id = e.closed_by where e.status = 'closed'""",
    ),
    Source(
        kind=EntryKind.SAFETY_PLAN,
        facts={
            safety_plans.SafetyPlanPublished: "plan_id",
            safety_plans.SafetyPlanWithdrawn: "plan_id",
        },
        of_patient="select id from safety_plans where patient_id = :patient",
        rows="""
            select p.patient_id, p.id, v.number::text, v.published_at, null,
                'Safety plan, version ' || v.number, v.author_name, null, v.status, null, null
            from asked join safety_plans p on p.id = asked.id
            join safety_plan_versions v on v.plan_id = p.id""",
    ),
)
BY_KIND: Mapping[EntryKind, Source] = {source.kind: source for source in SOURCES}
AT_DESK = frozenset(source.kind for source in SOURCES if source.at_desk)

# Changes whenever a source does: what was made with another shape is made anew before it is read.
SHAPE = crc32("".join(source.kind + source.of_patient + source.rows for source in SOURCES).encode())


def named_by(event_name: str) -> list[tuple[Source, str]]:
    """The sources that listen to a fact, each with the field of it that names one of theirs."""
    return [
        (source, field)
        for source in SOURCES
        for event, field in source.facts.items()
        if event.name == event_name
    ]
