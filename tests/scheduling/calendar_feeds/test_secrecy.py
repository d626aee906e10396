"""A feed's token passes through no log and no metric."""

import httpx2

from app.kernel.actors import Role
from tests.fixtures.live_site import LiveSite


def test_the_token_stands_in_no_log_and_no_metric(live_site: LiveSite) -> None:
    with live_site.client(Role.DOCTOR) as doctor, live_site.client() as stranger:
        feed = doctor.post("/calendar-feeds", json={"label": "Phone"}).json()
        address = f"/calendar-feeds/{feed['token']}.ics"
        assert stranger.get(address).status_code == 200
        assert stranger.get("/calendar-feeds/guessed-by-somebody.ics").status_code == 404
        assert stranger.post(address).status_code == 405
        doctor.post(f"/calendar-feeds/{feed['id']}/revocation")
        assert stranger.get(address).status_code == 404
    metrics = httpx2.get(f"{live_site.url}/metrics", timeout=30).text
    assert 'route="GET /api/v1/calendar-feeds/{token}.ics",status="200"' in metrics
    for secret in (feed["token"], "guessed-by-somebody"):
        assert secret not in metrics
        assert secret not in live_site.log
