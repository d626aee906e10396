"""Sessions over HTTP."""

from uuid import UUID

from fastapi import Request, Response

from app.identity import accounts, service
from app.identity.schemas import (
    ChangePassword,
    Practitioner,
    SessionKind,
    SessionListed,
    SessionOut,
    SignIn,
    UserOut,
)
from app.identity.throttle import LoginThrottle
from app.infra.http.access import ANYONE_SIGNED_IN, STAFF, allow, public
from app.infra.http.callers import origin_of
from app.infra.http.deps import CurrentCaller, Uow
from app.infra.http.routing import api_router

router = api_router("", "identity")


@router.post("/sessions", status_code=201, dependencies=[public()])
async def create_session(body: SignIn, request: Request) -> SessionOut:
    """Sign in; the answer holds the bearer token for further calls."""
    origin = origin_of(request)
    name_key = service.name_digest(body.username).hex()
    throttle: LoginThrottle = request.state.login_throttle
    async with throttle.guarding(address=origin.address, name_key=name_key):
        opened = await service.sign_in(
            request.state.works,
            body.username,
            body.password,
            kind=SessionKind.API,
            origin=origin,
            user_agent=request.headers.get("user-agent"),
        )
    return SessionOut(
        token=opened.token,
        expires_at=opened.session.expires_at,
        user=UserOut.model_validate(opened.user),
    )


@router.get("/sessions", dependencies=[allow(*ANYONE_SIGNED_IN)])
async def list_sessions(uow: Uow) -> list[SessionListed]:
    """Your open sessions."""
    return [SessionListed.model_validate(s) for s in await service.list_sessions(uow)]


@router.delete("/sessions/current", status_code=204, dependencies=[allow(*ANYONE_SIGNED_IN)])
async def delete_current_session(uow: Uow, caller: CurrentCaller) -> Response:
    """Sign out."""
    await service.sign_out(uow, caller.session_id)
    return Response(status_code=204)


@router.delete("/sessions/{session_id}", status_code=204, dependencies=[allow(*ANYONE_SIGNED_IN)])
async def delete_session(session_id: UUID, uow: Uow) -> Response:
    """End another of your own sessions."""
    await service.sign_out(uow, session_id)
    return Response(status_code=204)


@router.get("/me", dependencies=[allow(*ANYONE_SIGNED_IN)])
async def get_me(uow: Uow) -> UserOut:
    """Who you are signed in as."""
    return UserOut.model_validate(await accounts.get_user(uow, uow.actor.id))


@router.put("/me/password", status_code=204, dependencies=[allow(*ANYONE_SIGNED_IN)])
async def put_password(body: ChangePassword, uow: Uow, caller: CurrentCaller) -> Response:
    """Change your password; your other sessions end."""
    await service.change_password(
        uow, current=body.current, new=body.new, session_id=caller.session_id
    )
    return Response(status_code=204)


@router.get("/practitioners", dependencies=[allow(*STAFF)])
async def list_practitioners(uow: Uow) -> list[Practitioner]:
    """Doctors who may be visited."""
    return [Practitioner.model_validate(u) for u in await accounts.list_practitioners(uow)]
