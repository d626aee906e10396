"""Where entries come from: one declaration for each kind.

A new kind is a member of `EntryKind`, a `Source` here, and its words in the presenter of the chart.
Whoever was built without it is built anew before they are read: nothing has to be migrated.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zlib import crc32

from app.clinical import encounters, notes
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
        kind=EntryKind.ALERT,
        facts={
            items.WorkItemOpened: "item_id",
            items.WorkItemClosed: "item_id",
            items.WorkItemHandedOver: "item_id",
        },
        of_patient="select id from work_items where patient_id = :patient and kind = 'alert'",
        # Of doctors and nurses only: others' queues, such as that of reports, are theirs alone.
        rows="""
            select w.patient_id, w.id, '', w.created_at, null, 'Alert: ' || w.title, pool.name,
                null, case when w.closed_at is null then 'open' else w.status end,
                case w.severity when 'critical' then 'bad' when 'high' then 'warn' end, null
            from asked join work_items w on w.id = asked.id
            join pools pool on pool.id = w.pool_id
            where w.kind = 'alert' and w.patient_id is not null
            and pool.role in ('doctor', 'nurse')""",
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
