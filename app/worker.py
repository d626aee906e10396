"""The worker process, put together: jobs, sweeps, and one speech engine."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial

import structlog

from app import assembly
from app.clinical import recordings, transcription
from app.clinical.formulary import tasks as formulary_tasks
from app.clinical.loose_ends import tasks as loose_end_tasks
from app.clinical.notes import tasks as note_tasks
from app.clinical.recordings import tasks as recording_tasks
from app.clinical.results import tasks as result_tasks
from app.clinical.transcription.tasks import LISTEN, Transcribing
from app.crisis.access import tasks as access_tasks
from app.crisis.episodes import tasks as episode_tasks
from app.crisis.reports import tasks as report_tasks
from app.crisis.safety_plans import tasks as safety_plan_tasks
from app.dashboards.day import tasks as day_tasks
from app.infra import relay
from app.infra.http.idempotency import forget_old_keys
from app.infra.jobs import JobRunner, Payload
from app.infra.opening import Urls, open_works
from app.infra.paperwork import DELIVER
from app.infra.postgres import asyncpg_dsn
from app.infra.smtp import SmtpServer
from app.infra.sweeping import Sweep, keep_sweeping
from app.infra.uow import Works
from app.kernel.clock import SystemClock
from app.scheduling import reminders
from app.scheduling.appointments import tasks as appointment_tasks
from app.scheduling.reminders import tasks as reminder_tasks
from app.scheduling.waiting_list import tasks as waiting_list_tasks
from app.settings import Settings
from app.work_queues import escalations
from app.work_queues.alerts import tasks as alert_tasks
from app.work_queues.escalations import tasks as escalation_tasks
from app.work_queues.feed import tasks as feed_tasks
from app.work_queues.items import tasks as item_tasks

DICTATIONS_AT_ONCE = 4
FILES_AT_ONCE = 2  # one is heard while the next is fetched
ERRANDS_AT_ONCE = 4
SWEEPS_AT_ONCE = 3  # two connections each, of a pool that others need as well

log = structlog.get_logger(__name__)


async def run_worker(settings: Settings, urls: Urls) -> None:
    """Work until told to stop by SIGTERM or SIGINT.

    Raises SystemExit with advice when there is no usable speech model.
    """
    stopping = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stopping.set)
    async with AsyncExitStack() as closing:
        engine = await start_engine(settings)
        closing.push_async_callback(engine.stop)
        works = await closing.enter_async_context(
            open_works(
                urls,
                subscriptions=assembly.subscriptions(settings.scheduling_rules),
                clock=SystemClock(),
                documents=assembly.DOCUMENTS,
                zone=settings.zone,
            )
        )
        await formulary_tasks.bring_in_starter(works)
        transcribing = Transcribing(
            works,
            engine,
            settings.data_dir / "spool",
            limits=transcription.Limits(max_duration_seconds=settings.max_recording_hours * 3600),
        )
        closing.callback(transcribing.close)
        runners = job_runners(settings, works, asyncpg_dsn(urls.database_url), transcribing)
        await work(works, runners, transcribing, sweeps(settings, works, transcribing), stopping)


async def start_engine(settings: Settings) -> transcription.SpeechEngine:
    setting = settings.effective_speech_model
    if setting is None:
        raise SystemExit("No speech model: set DRA_SPEECH_MODEL to a local folder or a hub name.")
    try:
        engine = transcription.SpeechEngine(
            setting,
            memory_bytes=settings.speech_memory_mib * 1024**2,
            threads=settings.speech_threads,
        )
        await engine.start()
    except transcription.ModelUnusable as unusable:
        raise SystemExit(f"{unusable} Check DRA_SPEECH_MODEL with `dra doctor`.") from unusable
    return engine


async def work(
    works: Works,
    runners: list[JobRunner],
    transcribing: Transcribing,
    rounds: list[Sweep],
    stopping: asyncio.Event,
) -> None:
    """Run jobs and sweeps; when told to stop, give back what is not finished."""
    async with asyncio.TaskGroup() as group:
        for runner in runners:
            group.create_task(runner.run())
        turns = asyncio.Semaphore(SWEEPS_AT_ONCE)
        for each in rounds:
            group.create_task(keep_sweeping(works, each, stopping, turns))
        log.info("worker_ready")
        await stopping.wait()
        log.info("worker_stopping")
        for runner in runners:
            runner.stop()
        await transcribing.stop()


def job_runners(
    settings: Settings, works: Works, dsn: str, transcribing: Transcribing
) -> list[JobRunner]:
    """Three queues, so that neither a long file nor a full house holds up a short errand."""

    async def deliver(payload: Payload) -> None:
        await relay.deliver(works, payload)

    dictations = JobRunner(dsn, concurrency=DICTATIONS_AT_ONCE)
    dictations.register(recordings.ADVANCE, transcribing.advance)
    files = JobRunner(dsn, concurrency=FILES_AT_ONCE)
    files.register(LISTEN, transcribing.listen)
    errands = JobRunner(dsn, concurrency=ERRANDS_AT_ONCE)
    errands.register(DELIVER, deliver)
    errands.register(
        escalations.NOTICES_EMAIL,
        partial(
            escalation_tasks.send_notice_email,
            works,
            mail_server(settings),
            settings.reminder_from,
        ),
    )
    return [dictations, files, errands]


def sweeps(settings: Settings, works: Works, transcribing: Transcribing) -> list[Sweep]:
    limits = recordings.RecordingLimits(
        max_bytes=settings.max_recording_bytes,
        abandoned_after=timedelta(minutes=settings.abandoned_after_minutes),
    )
    return [
        Sweep(name="transcriptions", every_seconds=10, run=transcribing.sweep),
        Sweep(name="spool", every_seconds=60, run=transcribing.tidy, everywhere=True),
        Sweep(name="deliveries", every_seconds=30, run=partial(relay.requeue_forgotten, works)),
        Sweep(
            name="abandoned-recordings",
            every_seconds=60,
            run=partial(recording_tasks.complete_abandoned, works, limits),
        ),
        Sweep(
            name="orphaned-sound",
            every_seconds=3600,
            run=partial(recording_tasks.remove_orphans, works, limits),
        ),
        Sweep(
            name="orphaned-texts", every_seconds=3600, run=partial(note_tasks.remove_orphans, works)
        ),
        Sweep(
            name="expired-holds",
            every_seconds=15,
            run=partial(appointment_tasks.cancel_expired_holds, works),
        ),
        Sweep(
            name="no-shows",
            every_seconds=60,
            run=partial(appointment_tasks.mark_no_shows, works, settings.scheduling_rules),
        ),
        Sweep(
            name="unanswered-offers",
            every_seconds=15,
            run=partial(waiting_list_tasks.expire_offers, works),
        ),
        Sweep(name="reminders", every_seconds=5, run=sending_reminders(settings, works)),
        Sweep(name="idempotency-keys", every_seconds=3600, run=partial(forget_old_keys, works)),
        Sweep(name="broken-glass", every_seconds=15, run=partial(access_tasks.end_expired, works)),
        Sweep(
            name="unacknowledged-results",
            every_seconds=300,
            run=partial(
                result_tasks.alert_unacknowledged,
                works,
                timedelta(days=settings.result_overdue_days),
            ),
        ),
        Sweep(
            name="safety-plan-texts",
            every_seconds=3600,
            run=partial(safety_plan_tasks.remove_orphans, works),
        ),
        Sweep(name="day-changes", every_seconds=60, run=partial(day_tasks.settle_changes, works)),
        *queue_sweeps(works),
        *report_sweeps(works),
    ]


def queue_sweeps(works: Works) -> list[Sweep]:
    """What keeps tasks and alerts moving when nobody moves them."""
    return [
        Sweep(name="climbs", every_seconds=5, run=partial(escalation_tasks.fire_due, works)),
        Sweep(
            name="acknowledgements",
            every_seconds=15,
            run=partial(alert_tasks.end_acknowledgements, works),
        ),
        Sweep(name="snoozed-alerts", every_seconds=15, run=partial(alert_tasks.end_snoozes, works)),
        Sweep(name="snoozed-tasks", every_seconds=15, run=partial(item_tasks.end_snoozes, works)),
        Sweep(name="leases", every_seconds=15, run=partial(item_tasks.end_leases, works)),
        Sweep(
            name="unsigned-notes",
            every_seconds=60,
            run=partial(loose_end_tasks.alert_unsigned, works),
        ),
        Sweep(
            name="queue-events",
            every_seconds=3600,
            run=partial(feed_tasks.forget_old_events, works),
        ),
    ]


def report_sweeps(works: Works) -> list[Sweep]:
    """Deadlines of mandatory reports, and texts of theirs to which nothing points."""
    return [
        Sweep(
            name="crisis-steps", every_seconds=5, run=partial(episode_tasks.alert_overdue, works)
        ),
        Sweep(name="report-clocks", every_seconds=5, run=partial(report_tasks.fire_due, works)),
        Sweep(
            name="orphaned-report-texts",
            every_seconds=3600,
            run=partial(report_tasks.remove_orphans, works),
        ),
    ]


def mail_server(settings: Settings) -> SmtpServer | None:
    return SmtpServer.parse(settings.smtp_url) if settings.smtp_url else None


def sending_reminders(settings: Settings, works: Works) -> Callable[[], Awaitable[int]]:
    channels = reminders.open_channels(
        settings.data_dir / "reminders",
        works.clock,
        smtp=mail_server(settings),
        sender=settings.reminder_from,
        webhook_url=settings.reminder_webhook_url,
    )
    letterhead = reminders.Letterhead(clinic=settings.clinic_name, phone=settings.clinic_phone)
    return partial(reminder_tasks.send_reminders, works, channels, letterhead)
