"""What is known of medicines: the release in use, how old it is, and a look at any drug."""

from typing import Annotated

from fastapi import Query, Response

from app.clinical import formulary
from app.infra.http.access import allow
from app.infra.http.deps import Uow
from app.infra.http.routing import page_router
from app.kernel.actors import Role
from app.web.framing import PageFrame
from app.web.presenters import formulary as present
from app.web.rendering import render

router = page_router("/formulary")

READERS = [allow(*formulary.CLINICIANS, Role.ADMIN)]
SHOWN = 20


@router.get("", dependencies=READERS)
async def show_formulary(
    uow: Uow, frame: PageFrame, q: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    words = q.strip()
    found = [
        await formulary.get_drug(uow, one.key)
        for one in (await formulary.find_drugs(uow, words, SHOWN) if words else [])
    ]
    releases = await formulary.list_releases(uow)
    view = present.page(await formulary.release(uow), releases, found, words)
    return render("formulary/page.html", view, frame)
