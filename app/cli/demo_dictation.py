"""The demo's doctor: the same HTTP calls a browser makes, with progress on the terminal."""

import base64
import hashlib
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self

import httpx2
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from app.cli.console import console
from app.cli.demo_clinic import DICTATION, PASSWORD, PATIENTS
from app.cli.drafts import print_draft
from app.clinical import notes

CHUNK_BYTES = 64 * 1024
PATIENCE_SECONDS = 180
POLL_SECONDS = 0.2
Json = dict[str, Any]


class DemoFailed(OSError):
    """The demo could not go on; the message says where."""


class DemoRun:
    """One sitting of the demo's doctor."""

    def __init__(self, site: str, failure: Callable[[], str | None]) -> None:
        self._http = httpx2.Client(base_url=f"{site}/api/v1", timeout=60)
        self._site = site
        self._failure = failure

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def wait_until_ready(self) -> None:
        with console.status("Starting the site…"):
            for _ in self._moments("the site did not become ready"):
                try:
                    if self._http.get(f"{self._site}/readyz").status_code == httpx2.codes.OK:
                        return
                except httpx2.TransportError:
                    continue

    def sign_in(self) -> None:
        session = self._call("POST", "/sessions", {"username": "doctor", "password": PASSWORD})
        self._http.headers["Authorization"] = f"Bearer {session['token']}"

    def find_patient(self) -> Json:
        name = f"{PATIENTS[0]['given_name']} {PATIENTS[0]['family_name']}"
        found: Json = self._call("GET", f"/patients?q={name}")["items"][0]
        return found

    def show_signed_note(self, patient: Json) -> bool:
        """Whether an earlier run left its signed note; then it is shown again."""
        found = self._call("GET", f"/notes?patient_id={patient['id']}&status=signed")["items"]
        if not found:
            return False
        console.print("The note of an earlier run is still here, signed:")
        self._show(self._call("GET", f"/notes/{found[0]['id']}"))
        return True

    def dictate(self, patient: Json) -> Json:
        """Walk-in, consent, and the bundled dictation chunk by chunk."""
        encounter = self._call(
            "POST", "/encounters", {"patient_id": patient["id"], "reason": "headache"}
        )
        consent = {"decision": "permit", "method": "verbal"}
        self._call("POST", f"/encounters/{encounter['id']}/consents", consent)
        recording = self._call(
            "POST",
            f"/encounters/{encounter['id']}/recordings",
            {"media_type": "audio/ogg", "origin": "upload"},
        )
        sound = DICTATION.read_bytes()
        chunks = [sound[i : i + CHUNK_BYTES] for i in range(0, len(sound), CHUNK_BYTES)]
        for seq, chunk in enumerate(chunks):
            self._send(recording["id"], seq, chunk)
        completion = {"chunk_count": len(chunks), "sha256": hashlib.sha256(sound).hexdigest()}
        completed: Json = self._call(
            "POST", f"/recordings/{recording['id']}/completion", completion
        )
        return completed

    def await_draft(self, recording: Json) -> Json:
        """Follow the worker with a progress bar until the draft is there."""
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console) as progress:
            bar = progress.add_task("Transcribing the dictation", total=1.0)
            for _ in self._moments("the dictation was not transcribed in time"):
                now = self._call("GET", f"/recordings/{recording['id']}/transcription")
                progress.update(bar, completed=now["progress"] or 0)
                if now["status"] in {"failed", "held", "no_speech"}:
                    raise DemoFailed(f"the transcription ended as {now['status']}")
                drafts = self._notes_of(recording) if now["status"] == "done" else []
                if drafts:
                    progress.update(bar, completed=1.0)
                    return drafts[0]
        raise AssertionError("unreachable")

    def show_and_sign(self, note: Json) -> None:
        self._show(note)
        doubts = note["open"]["low_confidence_words"]
        if doubts:
            console.print(f"  {len(doubts)} words were heard with low confidence; accepted here.")
        self._answer_signals(note)
        signed = self._call(
            "POST",
            f"/notes/{note['id']}/signature",
            {
                "version": note["version"],
                "password": PASSWORD,
                "accepted_words": [word["index"] for word in doubts],
                "accept_empty_sections": True,
            },
        )
        console.print(
            f"[bold green]Signed[/] by Dr. Ada Winter, revision {signed['revision']}, "
            f"SHA-256 {signed['content_sha256'][:16]}…"
        )

    def _answer_signals(self, note: Json) -> None:
        """Confirm what may mean danger, as a doctor would: until then nothing is signed."""
        found = self._call("POST", "/signals/examinations", {"note_id": note["id"]})["items"]
        for signal in found:
            if signal["status"] == "proposed":
                console.print(f"  Possible danger sign, confirmed: {signal['quote']}")
                self._call("POST", f"/signals/{signal['id']}/confirmation", {})

    def _show(self, note: Json) -> None:
        origin = note["draft_origin"]
        model = f"{origin['model']} {origin['model_version']}"
        body = notes.NoteBody.model_validate(note["body"])
        print_draft(body, model=model, demo=origin["demo"])

    def _notes_of(self, recording: Json) -> list[Json]:
        found = self._call("GET", f"/encounters/{recording['encounter_id']}/notes")["items"]
        ids = [each["id"] for each in found if each["recording_id"] == recording["id"]]
        return [self._call("GET", f"/notes/{note_id}") for note_id in ids]

    def _send(self, recording_id: str, seq: int, chunk: bytes) -> None:
        digest = base64.b64encode(hashlib.sha256(chunk).digest()).decode()
        answer = self._http.put(
            f"/recordings/{recording_id}/chunks/{seq}",
            content=chunk,
            headers={"Content-Digest": f"sha-256=:{digest}:"},
        )
        self._check(answer)

    def _call(self, method: str, path: str, body: Json | None = None) -> Any:
        answer = self._http.request(method, path, json=body)
        self._check(answer)
        return answer.json()

    def _check(self, answer: httpx2.Response) -> None:
        if answer.is_error:
            problem = answer.json()
            raise DemoFailed(
                f"{answer.request.url.path}: {problem['title']} ({answer.status_code})"
            )

    def _moments(self, too_late: str) -> Iterator[None]:
        """Short waits until patience runs out or a process of the site gave up."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if (failed := self._failure()) is not None:
                raise DemoFailed(failed)
            yield
            time.sleep(POLL_SECONDS)
        raise DemoFailed(f"{too_late}: see the messages above, or run `./dra doctor`")
