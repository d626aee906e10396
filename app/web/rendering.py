"""Turning a view into a page."""

from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from app.web.presenters.frame import Frame

TEMPLATES = Environment(
    loader=PackageLoader("app.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(template: str, view: Any, frame: Frame, *, status: int = 200) -> HTMLResponse:
    html = TEMPLATES.get_template(template).render(view=view, frame=frame)
    return HTMLResponse(html, status_code=status)
