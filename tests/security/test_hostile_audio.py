"""Files that are not what they say, through the API and a real worker: each ends, none is lost."""

import hashlib
import io
import signal
import socket
import struct
import zipfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import httpx2
import numpy as np
import psutil  # type: ignore[import-untyped]
import pytest

from app.kernel.actors import Role
from tests.builders.recordings import digest_of
from tests.builders.transcription import DICTATIONS
from tests.fixtures.live_site import LiveSite
from tests.fixtures.waiting import wait_until

pytestmark = [pytest.mark.speech, pytest.mark.fault]

CHUNK_BYTES = 1024 * 1024
PATIENCE_SECONDS = 400.0
MEMORY_ALLOWED = 1536 * 1024 * 1024
TERMINAL = {"done", "no_speech", "failed", "held"}
DICTATION = (DICTATIONS / "s04-ankle-no-headings.ogg").read_bytes()
DAMAGED = DICTATION[:40_000] + bytes(20_000) + DICTATION[60_000:90_000]


def wav(
    samples: bytes, *, channels: int = 1, rate: int = 16_000, claims: int | None = None
) -> bytes:
    """A WAV whose header may claim another length than there is."""
    size = len(samples) if claims is None else claims
    format_ = struct.pack("<IHHIIHH", 16, 1, channels, rate, rate * 2 * channels, 2 * channels, 16)
    return (
        b"RIFF" + struct.pack("<I", (36 + size) % 2**32) + b"WAVEfmt " + format_
        + b"data" + struct.pack("<I", size) + samples
    )  # fmt: skip


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.wav", bytes(10_000_000))
    return out.getvalue()


def silent_flac(seconds: int) -> bytes:
    """Much of nothing in few bytes."""
    out = io.BytesIO()
    with av.open(out, "w", format="flac") as container:
        stream = container.add_stream("flac", rate=16_000, layout="mono")
        second = np.zeros((1, 16_000), dtype=np.int16)
        for number in range(seconds):
            frame = av.AudioFrame.from_ndarray(second, format="s16", layout="mono")
            frame.sample_rate, frame.pts = 16_000, number * 16_000
            frame.time_base = Fraction(1, 16_000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()


class Trap:
    """A port that whoever follows an address in a file would have to knock at."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/sound.mp3"

    def was_knocked_at(self) -> bool:
        try:
            self._socket.accept()
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        self._socket.close()


def files(trap: Trap, secret: Path) -> dict[str, tuple[bytes, set[str]]]:
    """What is sent, and how it may end."""
    url = trap.address
    return {
        "nothing": (b"", {"failed", "no_speech"}),
        "one byte": (b"\x00", {"failed"}),
        "text": (b"This is not audio.\n" * 1000, {"failed"}),
        "zip named wav": (zipped(), {"failed"}),
        "claims 4 GB": (wav(bytes(64_000), claims=2**32 - 1), {"no_speech"}),
        "claims nothing": (wav(bytes(64_000), claims=0), {"no_speech", "failed"}),
        "64 channels": (wav(bytes(128_000), channels=64), {"no_speech", "failed"}),
        "384 kHz": (wav(bytes(768_000), rate=384_000), {"no_speech", "failed"}),
        "cut off": (DICTATION[: len(DICTATION) // 3], {"done"}),
        "damaged": (DAMAGED, {"done", "failed"}),
        "much silence": (silent_flac(1200), {"no_speech"}),
        "playlist": (f"#EXTM3U\n#EXTINF:10,\n{url}\n#EXT-X-ENDLIST\n".encode(), {"failed"}),
        "concat": (f"ffconcat version 1.0\nfile '{url}'\nfile '{secret}'\n".encode(), {"failed"}),
        "session description": (
            b"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n", {"failed"}
        ),
    }  # fmt: skip


@pytest.fixture
def doctor(live_site: LiveSite) -> Iterator[httpx2.Client]:
    with live_site.client(Role.DOCTOR) as client:
        yield client


@pytest.fixture
def worker(live_site: LiveSite) -> Iterator[psutil.Process]:
    process = live_site.spawn("worker", log="worker.log")
    yield psutil.Process(process.pid)
    process.send_signal(signal.SIGTERM)
    process.wait(30)


def send(doctor: httpx2.Client, encounter: str, data: bytes) -> str:
    new = {"media_type": "audio/wav", "origin": "upload"}
    begun = doctor.post(f"/encounters/{encounter}/recordings", json=new)
    recording = str(begun.json()["id"])
    pieces = [data[i : i + CHUNK_BYTES] for i in range(0, len(data), CHUNK_BYTES)]
    for seq, piece in enumerate(pieces):
        headers = {"Content-Digest": digest_of(piece)}
        answer = doctor.put(f"/recordings/{recording}/chunks/{seq}", content=piece, headers=headers)
        assert answer.status_code == 200, answer.text
    completion = {"chunk_count": len(pieces), "sha256": hashlib.sha256(data).hexdigest()}
    done = doctor.post(f"/recordings/{recording}/completion", json=completion)
    assert done.status_code == 201, done.text
    return recording


def an_encounter(doctor: httpx2.Client) -> str:
    new = {"given_name": "Mara", "family_name": "Okafor", "birth_date": "1945-07-14"}
    patient = doctor.post("/patients", json=new).json()["id"]
    encounter = str(doctor.post("/encounters", json={"patient_id": patient}).json()["id"])
    consent = {"decision": "permit", "method": "verbal"}
    assert doctor.post(f"/encounters/{encounter}/consents", json=consent).status_code == 201
    return encounter


def test_every_hostile_file_comes_to_an_end_with_its_bytes_kept(
    live_site: LiveSite, doctor: httpx2.Client, worker: psutil.Process, tmp_path: Path
) -> None:
    trap = Trap()
    hostile = files(trap, tmp_path / "secret.wav")
    (tmp_path / "secret.wav").write_bytes(wav(bytes(32_000)))
    encounter = an_encounter(doctor)
    sent = {name: send(doctor, encounter, data) for name, (data, _) in hostile.items()}
    largest = 0

    def ended() -> dict[str, str] | None:
        nonlocal largest
        largest = max(largest, resident(worker))
        states = {
            name: doctor.get(f"/recordings/{each}/transcription").json()["status"]
            for name, each in sent.items()
        }
        return states if set(states.values()) <= TERMINAL else None

    states = wait_until(ended, within_seconds=PATIENCE_SECONDS, what="every file has ended")
    wrong = {name: state for name, state in states.items() if state not in hostile[name][1]}
    assert wrong == {}
    assert largest < MEMORY_ALLOWED
    assert not trap.was_knocked_at()
    trap.close()
    for name, recording in sent.items():
        heard = doctor.get(f"/recordings/{recording}/audio")
        assert heard.status_code == 200 or name == "nothing", name
        assert heard.content == hostile[name][0] or name == "nothing", name
        if states[name] == "failed":
            reason = doctor.get(f"/recordings/{recording}/transcription").json()["reason"]
            assert reason, name
    assert worker.is_running()
    said = (live_site.folder / "worker.log").read_text()
    assert "Traceback" not in said


def resident(worker: psutil.Process) -> int:
    """Of the worker and the engine it drives, together."""
    total = 0
    for process in (worker, *worker.children(recursive=True)):
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total
