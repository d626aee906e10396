"""The web process, put together."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import TypedDict
from zoneinfo import ZoneInfo

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from app import assembly, audit, identity, readiness
from app.clinical import recordings
from app.clinical.encounters.routes import router as encounter_routes
from app.clinical.formulary.routes import router as formulary_routes
from app.clinical.notes.routes import router as note_routes
from app.clinical.orders.routes import ROUTERS as ORDER_ROUTERS
from app.clinical.prescriptions.list_routes import ROUTERS as PRESCRIPTION_ROUTERS
from app.clinical.problems.routes import ROUTERS as PROBLEM_ROUTERS
from app.clinical.recordings.routes import router as recording_routes
from app.clinical.results.routes import ROUTERS as RESULT_ROUTERS
from app.clinical.transcription.routes import router as transcript_routes
from app.crisis.access.routes import router as access_routes
from app.crisis.episodes.routes import router as episode_routes
from app.crisis.reports.routes import router as mandatory_report_routes
from app.crisis.reports.rule_routes import disclosure_router as disclosure_routes
from app.crisis.reports.rule_routes import router as report_rule_routes
from app.crisis.risk.routes import router as risk_routes
from app.crisis.safety_plans.routes import router as safety_plan_routes
from app.crisis.screenings.routes import ROUTERS as SCREENING_ROUTERS
from app.crisis.signals.routes import router as signal_routes
from app.dashboards import day
from app.dashboards.day.routes import router as day_routes
from app.dashboards.timeline.routes import router as timeline_routes
from app.identity.routes import router as identity_routes
from app.infra.http import health
from app.infra.http.callers import Authenticator
from app.infra.http.description import complete_description
from app.infra.http.health import Counted, Readiness
from app.infra.http.problems import RefusalRecorder, speak_problems
from app.infra.http.routing import API_PREFIX, Beside
from app.infra.http.shell import Shell
from app.infra.opening import Urls, open_works
from app.infra.uow import Works
from app.kernel.clock import Clock, SystemClock
from app.patients.routes import router as patient_routes
from app.scheduling.appointments.calendar_routes import router as calendar_routes
from app.scheduling.appointments.routes import router as appointment_routes
from app.scheduling.appointments.series_routes import router as series_routes
from app.scheduling.availability.catalogue_routes import router as catalogue_routes
from app.scheduling.availability.routes import router as availability_routes
from app.scheduling.calendar_feeds.routes import router as calendar_feed_routes
from app.scheduling.reminders.routes import router as reminder_routes
from app.scheduling.rules import SchedulingRules
from app.scheduling.waiting_list.routes import router as waiting_list_routes
from app.settings import Settings
from app.web.site import create_site
from app.work_queues.alerts.routes import router as alert_routes
from app.work_queues.boards.routes import router as board_routes
from app.work_queues.calendars.routes import router as work_calendar_routes
from app.work_queues.escalations.routes import router as notice_routes
from app.work_queues.feed import Hub, open_hub
from app.work_queues.feed.routes import router as queue_event_routes
from app.work_queues.ladders.routes import router as ladder_routes
from app.work_queues.queues.routes import router as queue_routes
from app.work_queues.rosters.routes import router as roster_routes
from app.work_queues.tasks.routes import router as task_routes
from app.work_queues.tasks.template_routes import router as task_template_routes

# Asked one after the other for every request: first what a desk asks all day.
API_ROUTERS: tuple[APIRouter, ...] = (
    day_routes,
    calendar_routes,  # before those with an appointment's id in the address
    appointment_routes,
    patient_routes,
    timeline_routes,
    identity_routes,
    catalogue_routes,
    availability_routes,
    series_routes,
    waiting_list_routes,
    reminder_routes,
    calendar_feed_routes,
    work_calendar_routes,
    roster_routes,
    ladder_routes,
    task_template_routes,
    task_routes,
    alert_routes,
    queue_routes,
    notice_routes,
    board_routes,
    queue_event_routes,
    encounter_routes,
    recording_routes,
    transcript_routes,
    note_routes,
    formulary_routes,
    *ORDER_ROUTERS,
    *PROBLEM_ROUTERS,
    *PRESCRIPTION_ROUTERS,
    mandatory_report_routes,
    report_rule_routes,
    disclosure_routes,
    signal_routes,
    *SCREENING_ROUTERS,
    *RESULT_ROUTERS,
    safety_plan_routes,
    access_routes,
    risk_routes,
    episode_routes,
)


# Whoever asks from this very machine: the health check of the image, and `dra demo`.
OWN_HOSTS = ("localhost", "127.0.0.1", "[::1]")


class State(TypedDict):
    """What every request may reach."""

    works: Works
    authenticate: Authenticator
    record_refusal: RefusalRecorder
    login_throttle: identity.LoginThrottle
    readiness: Readiness
    metrics_token: str | None
    settings: Settings
    clinic_zone: ZoneInfo
    recording_limits: recordings.RecordingLimits
    scheduling_rules: SchedulingRules
    queue_hub: Hub
    days: day.Days
    day_watch: day.Watch


def lifespan(
    settings: Settings, urls: Urls, clock: Clock
) -> Callable[[FastAPI], AbstractAsyncContextManager[State]]:
    @asynccontextmanager
    async def run(_app: FastAPI) -> AsyncIterator[State]:
        scheduling_rules = settings.scheduling_rules
        async with AsyncExitStack() as closing:
            works = await closing.enter_async_context(
                open_works(
                    urls,
                    subscriptions=assembly.subscriptions(scheduling_rules),
                    clock=clock,
                    documents=assembly.DOCUMENTS,
                    zone=settings.zone,
                )
            )
            hub = await closing.enter_async_context(open_hub(works))
            days = await closing.enter_async_context(day.open_days(works, urls.redis_url))
            watch = await closing.enter_async_context(day.open_watch(works))
            throttle = identity.LoginThrottle(urls.redis_url)
            closing.push_async_callback(throttle.close)
            state: State = {
                "works": works,
                "authenticate": partial(identity.authenticate, works),
                "record_refusal": partial(audit.record_refusal, works),
                "login_throttle": throttle,
                "readiness": Readiness(readiness.checks(settings, urls, works)),
                "metrics_token": settings.metrics_token,
                "settings": settings,
                "clinic_zone": settings.zone,
                "recording_limits": recordings.RecordingLimits(
                    max_bytes=settings.max_recording_bytes,
                    abandoned_after=timedelta(minutes=settings.abandoned_after_minutes),
                ),
                "scheduling_rules": scheduling_rules,
                "queue_hub": hub,
                "days": days,
                "day_watch": watch,
            }
            yield state

    return run


def create_app(settings: Settings, urls: Urls, clock: Clock | None = None) -> FastAPI:
    """The API, and the site beside it. `urls` says where the stores are."""
    app = FastAPI(
        title="Dr. Assistant",
        version="1",
        description="Dictate, check, sign: clinical documentation with voice transcription.",
        lifespan=lifespan(settings, urls, clock or SystemClock()),
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        redirect_slashes=False,
        middleware=[
            Middleware(Counted),
            Middleware(Shell, secure=settings.secure_cookies),
            Middleware(TrustedHostMiddleware, allowed_hosts=[*settings.allowed_hosts, *OWN_HOSTS]),
        ],
    )
    speak_problems(app)
    app.include_router(health.router)
    for router in API_ROUTERS:
        app.include_router(router, prefix=API_PREFIX)
    complete_description(app)
    app.router.routes.append(Beside(create_site(), leaves="/api/"))
    return app
