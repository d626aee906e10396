"""The frame of the page that is being asked for."""

from typing import Annotated

from fastapi import Depends, Request

from app import identity
from app.infra.http.deps import CurrentCaller, Uow
from app.web.presenters.frame import Frame, frame

THEME_COOKIE = "dra_theme"


async def get_frame(request: Request, uow: Uow, caller: CurrentCaller) -> Frame:
    user = await identity.get_user(uow, caller.actor.id)
    return frame(
        request.url.path,
        theme=request.cookies.get(THEME_COOKIE),
        caller=caller,
        username=user.username,
    )


def strangers_frame(request: Request) -> Frame:
    """For pages that need nobody signed in, and for error pages."""
    return frame(
        request.url.path,
        theme=request.cookies.get(THEME_COOKIE),
        caller=getattr(request.state, "caller", None),
    )


PageFrame = Annotated[Frame, Depends(get_frame, scope="function")]
