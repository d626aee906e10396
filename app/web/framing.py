"""The frame of the page that is being asked for."""

from typing import Annotated

from fastapi import Depends, Request

from app import identity
from app.crisis import access
from app.infra.http.deps import CurrentCaller, Uow
from app.kernel.actors import Role
from app.web.presenters.access import glass_banner
from app.web.presenters.frame import Frame, frame

THEME_COOKIE = "dra_theme"


async def get_frame(request: Request, uow: Uow, caller: CurrentCaller) -> Frame:
    user = await identity.get_user(uow, caller.actor.id)
    return frame(
        request.url.path,
        theme=request.cookies.get(THEME_COOKIE),
        caller=caller,
        username=user.username,
        glass=tuple(
            glass_banner(
                grant_id=each.grant_id,
                patient_id=each.patient_id,
                mrn=each.mrn,
                expires_at=each.expires_at,
                now=uow.now,
            )
            for each in await access.running_grants(uow)
        ),
        may_restrict=uow.actor.has_any(Role.ADMIN) or await access.keeps_privacy(uow),
    )


def strangers_frame(request: Request) -> Frame:
    """For pages that need nobody signed in, and for error pages."""
    return frame(
        request.url.path,
        theme=request.cookies.get(THEME_COOKIE),
        caller=getattr(request.state, "caller", None),
    )


PageFrame = Annotated[Frame, Depends(get_frame, scope="function")]
