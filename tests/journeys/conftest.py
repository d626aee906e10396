"""The whole site in its own processes, and Debian's Chromium in front of it."""

import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
import wave
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import av
import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from app.infra.embedded import StoreUrls
from tests.fixtures.live_site import free_port
from tests.fixtures.stores import ROOT
from tests.fixtures.waiting import wait_until
from tests.journeys.person import Person

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync "
    "--use-fake-device-for-media-stream --use-fake-ui-for-media-stream "
    "--autoplay-policy=no-user-gesture-required"
).split()
DICTATIONS = ROOT / "tests" / "fixtures" / "dictations"
MICROPHONE_RATE = 48_000
PATIENCE = 30_000  # milliseconds; a busy machine is slow, not wrong

# What a web process is told and tests differ in.
SETTINGS = ("DATABASE_URL", "MONGO_URL", "REDIS_URL", "DRA_TIME_ZONE")

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)
            if not Path(CHROMIUM).exists():
                item.add_marker(pytest.mark.skip(reason="Debian's chromium is not installed"))


@pytest.fixture
def environment(urls: StoreUrls, tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": urls.database_url,
        "MONGO_URL": urls.mongo_url,
        "REDIS_URL": urls.redis_url or "",
        "DRA_DATA_DIR": str(tmp_path / "data"),
        "DRA_ENVIRONMENT": "test",
        "DRA_SPEECH_MODEL": "demo",
    }


class KeptSite:
    """One web process for many tests: it starts anew only where they differ in what it is told.

    Between two tests its database is brought back and its connections are cut, as by a failover.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._told: dict[str, str] = {}
        self._port = 0

    def serving(self, environment: dict[str, str]) -> str:
        """Its address; browsers trust localhost."""
        told = {name: environment[name] for name in SETTINGS if name in environment}
        if self._process is None or self._process.poll() is not None or told != self._told:
            self.stop()
            self._start(environment)
            self._told = told
        return f"http://localhost:{self._port}"

    def _start(self, environment: dict[str, str]) -> None:
        self._port = free_port()
        command = [sys.executable, "-m", "app.cli", "api", "--port", str(self._port)]
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment)
        wait_until(lambda: answers(f"http://127.0.0.1:{self._port}/livez"), what="the site")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None


@pytest.fixture(scope="session")
def kept_site() -> Iterator[KeptSite]:
    kept = KeptSite()
    yield kept
    kept.stop()


@pytest.fixture
def site(environment: dict[str, str], kept_site: KeptSite) -> str:
    """The address of a web process on this test's stores."""
    return kept_site.serving(environment)


@pytest.fixture
def worker(environment: dict[str, str]) -> Iterator[None]:
    """A transcription worker with the demo model."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "worker"], cwd=ROOT, env=environment
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dictation as the sound a fake microphone gives."""
    target = tmp_path_factory.mktemp("microphone") / "dictation.wav"
    resampler = av.AudioResampler(format="s16", layout="mono", rate=MICROPHONE_RATE)
    source = DICTATIONS / "s01-hypertension.ogg"
    with av.open(str(source)) as container, wave.open(str(target), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(MICROPHONE_RATE)
        for frame in container.decode(audio=0):
            for part in resampler.resample(frame):
                sound.writeframes(bytes(part.planes[0])[: part.samples * 2])
    return target


@pytest.fixture
async def browser(spoken: Path) -> AsyncIterator[Browser]:
    microphone = f"--use-file-for-fake-audio-capture={spoken}"
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, microphone]
        )
        yield opened
        await opened.close()


@asynccontextmanager
async def somebody(browser: Browser, site: str) -> AsyncIterator[Person]:
    """A person with a browser of their own, in whose pages no script may fail."""
    context = await browser.new_context(
        viewport={"width": 1280, "height": 800},
        permissions=["microphone"],
        base_url=site,
        # axe is put into pages from outside; that the policy holds is tested by itself.
        bypass_csp=True,
    )
    page: Page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield Person(page)
    await context.close()
    assert errors == []


@pytest.fixture
async def person(browser: Browser, site: str) -> AsyncIterator[Person]:
    async with somebody(browser, site) as one:
        yield one
