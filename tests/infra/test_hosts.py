"""Under which names the site answers."""

import httpx2
import pytest

from app.infra.embedded import StoreUrls
from app.main import create_app
from app.settings import Settings

NO_STORES = StoreUrls("postgresql://nowhere", "mongodb://nowhere", None)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("notes.clinic.example", 200),
        ("127.0.0.1:8800", 200),  # the health check of the image
        ("evil.example", 400),
    ],
)
async def test_a_site_answers_to_its_names_and_to_its_own_machine(host: str, status: int) -> None:
    settings = Settings(environment="test", allowed_hosts=["notes.clinic.example"], _env_file=None)
    app = create_app(settings, NO_STORES)
    transport = httpx2.ASGITransport(app)  # type: ignore[arg-type]
    async with httpx2.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
        assert (await client.get("/livez")).status_code == status
