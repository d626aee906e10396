"""Recordings: what became of each, said plainly, with what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.clinical.recordings import GapOut, RecordingOut, RecordingStatus
from app.clinical.transcription import TranscriptionProgress, TranscriptionStatus
from app.web.presenters.formats import Fact, Link, Moment, State, clock, counted, moment, size
from app.web.presenters.patients import PatientBanner

GAPS = {
    "network": "The network was down",
    "device": "The microphone was lost",
    "paused": "Dictation was paused",
    "lost_chunks": "Some sound never arrived",
    "asleep": "The computer was asleep",
    "reload": "The page was reloaded",
}
RECEIVING = State("busy", "being recorded")
STATES = {
    TranscriptionStatus.QUEUED: State("busy", "waiting"),
    TranscriptionStatus.RUNNING: State("busy", "transcribing"),
    TranscriptionStatus.DONE: State("ok", "transcribed"),
    TranscriptionStatus.NO_SPEECH: State("warn", "no speech"),
    TranscriptionStatus.FAILED: State("bad", "failed"),
    TranscriptionStatus.HELD: State("warn", "held"),
}
KIND = {"microphone": "Dictated here", "upload": "Sent as a file"}
IN_WORK = (TranscriptionStatus.QUEUED, TranscriptionStatus.RUNNING)
DEMO = "a demo model: it knows a small vocabulary and synthetic voices only"


@dataclass(frozen=True, slots=True)
class RecordingRow:
    id: UUID
    patient: str
    started: Moment
    length: str
    explanation: str
    state: State
    action: Link | None


@dataclass(frozen=True, slots=True)
class Gap:
    text: str
    start: Moment | None
    end: Moment | None


@dataclass(frozen=True, slots=True)
class Remedy:
    """Something that can be done about an outcome; `post` ones are sent to the API."""

    label: str
    href: str
    post: bool = False
    then: str = ""
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    kind: str
    title: str
    text: str
    remedies: tuple[Remedy, ...] = ()


def state_of(recording: RecordingOut, progress: TranscriptionProgress) -> State:
    if recording.status is RecordingStatus.ENTERED_IN_ERROR:
        return State("bad", "entered in error")
    if recording.status is RecordingStatus.RECEIVING:
        return RECEIVING
    return STATES[progress.status]


def length_of(recording: RecordingOut) -> str:
    if recording.duration_seconds is not None:
        return clock(recording.duration_seconds)
    return size(recording.byte_count)


def row(
    recording: RecordingOut, progress: TranscriptionProgress, *, patient: str = ""
) -> RecordingRow:
    return RecordingRow(
        id=recording.id,
        patient=patient,
        started=moment(recording.started_at),
        length=length_of(recording),
        explanation=explanation(recording, progress),
        state=state_of(recording, progress),
        action=action(recording, progress),
    )


def explanation(recording: RecordingOut, progress: TranscriptionProgress) -> str:
    if recording.status is RecordingStatus.RECEIVING:
        return "not finished yet"
    if progress.status is TranscriptionStatus.RUNNING and progress.progress:
        return f"{progress.progress:.0%} done"
    return progress.explanation or ""


def action(recording: RecordingOut, progress: TranscriptionProgress) -> Link | None:
    if recording.status is RecordingStatus.RECEIVING:
        return Link(f"/encounters/{recording.encounter_id}", "Continue")
    if progress.status in (TranscriptionStatus.FAILED, TranscriptionStatus.HELD):
        return Link(f"/recordings/{recording.id}", "See what to do")
    return None


def gaps(found: Sequence[GapOut]) -> tuple[Gap, ...]:
    return tuple(
        Gap(
            text=GAPS.get(gap.reason, "Nothing was captured"),
            start=moment(gap.gap_start),
            end=moment(gap.gap_end or gap.gap_start),
        )
        for gap in found
    )


def outcome(
    recording: RecordingOut, progress: TranscriptionProgress, *, mine: bool
) -> Outcome | None:
    """What a person should know and can do; None while all goes well."""
    if recording.status is RecordingStatus.ENTERED_IN_ERROR:
        return Outcome("bad", "Entered in error", "This recording should not be relied on.")
    if recording.status is RecordingStatus.RECEIVING:
        return unfinished(recording, mine=mine)
    match progress.status:
        case TranscriptionStatus.NO_SPEECH:
            return Outcome(
                "warn",
                "No speech was found",
                "The sound is kept. No note was written, for nothing was said in it. "
                "Listen to it; if there is speech, check the microphone and dictate again.",
                (back_to_encounter(recording),),
            )
        case TranscriptionStatus.FAILED | TranscriptionStatus.HELD:
            return stopped(recording, progress, mine=mine)
        case TranscriptionStatus.QUEUED if progress.explanation:
            return Outcome("warn", "It will be tried again by itself", progress.explanation)
        case TranscriptionStatus.QUEUED | TranscriptionStatus.RUNNING | TranscriptionStatus.DONE:
            return None


def unfinished(recording: RecordingOut, *, mine: bool) -> Outcome:
    arrived = recording.highest_contiguous + 1
    text = (
        f"{size(recording.byte_count)} have arrived so far. Continue on the computer on which it "
        "was begun, for it may hold more; it is finished by itself when nothing more comes."
    )
    remedies = [back_to_encounter(recording, "Continue dictating")] if mine else []
    if mine and arrived and arrived == recording.chunk_count:
        remedies.append(
            Remedy(
                "Finish with what has arrived",
                f"/api/v1/recordings/{recording.id}/completion",
                post=True,
                then=f"/recordings/{recording.id}",
                fields=(("chunk_count", str(arrived)),),
            )
        )
    return Outcome("warn", "This recording is not finished", text, tuple(remedies))


def stopped(recording: RecordingOut, progress: TranscriptionProgress, *, mine: bool) -> Outcome:
    held = progress.status is TranscriptionStatus.HELD
    title = "Transcription is on hold" if held else "Transcription failed"
    tries = f" It was tried {counted(progress.attempts, 'time')}." if held else ""
    reason = progress.explanation or "The reason is not known."
    again = Remedy(
        "Try again",
        f"/api/v1/recordings/{recording.id}/transcription",
        post=True,
        then=f"/recordings/{recording.id}",
    )
    remedies = ((again,) if mine else ()) + (back_to_encounter(recording),)
    text = f"{reason}{tries} The sound is kept and can be heard; the note can be written by hand."
    return Outcome("bad" if not held else "warn", title, text, remedies)


def back_to_encounter(recording: RecordingOut, label: str = "Go to the encounter") -> Remedy:
    return Remedy(label, f"/encounters/{recording.encounter_id}")


def facts(recording: RecordingOut, progress: TranscriptionProgress, *, by: str) -> tuple[Fact, ...]:
    found = [
        Fact("Origin", KIND.get(recording.origin, recording.origin)),
        Fact("By", by),
        Fact("Length", length_of(recording)),
        Fact("Size", size(recording.byte_count)),
    ]
    if progress.model:
        demo = f", {DEMO}" if progress.model.demo else ""
        found.append(Fact("Heard by", f"{progress.model.name} {progress.model.version}{demo}"))
    if recording.completed_by == "sweeper":
        found.append(Fact("Finished", "by itself, because nothing more came"))
    if recording.sha256:
        found.append(Fact("SHA-256", recording.sha256, mono=True))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class RecordingPage:
    id: UUID
    encounter_id: UUID
    banner: PatientBanner
    started: Moment
    state: State
    status: str
    outcome: Outcome | None
    note_id: UUID | None
    is_live: bool
    has_audio: bool
    has_transcript: bool
    duration_seconds: float | None
    facts: tuple[Fact, ...]
    gaps: tuple[Gap, ...]
    can_withdraw: bool


def recording_page(
    recording: RecordingOut,
    progress: TranscriptionProgress,
    *,
    banner: PatientBanner,
    note_id: UUID | None,
    by: str,
    mine: bool,
) -> RecordingPage:
    receiving = recording.status is RecordingStatus.RECEIVING
    withdrawn = recording.status is RecordingStatus.ENTERED_IN_ERROR
    waits_for_note = progress.status is TranscriptionStatus.DONE and note_id is None and mine
    return RecordingPage(
        id=recording.id,
        encounter_id=recording.encounter_id,
        banner=banner,
        started=moment(recording.started_at),
        state=state_of(recording, progress),
        status=progress.status,
        outcome=outcome(recording, progress, mine=mine),
        note_id=note_id,
        is_live=not withdrawn and (progress.status in IN_WORK or waits_for_note),
        has_audio=recording.byte_count > 0 and not receiving,
        has_transcript=progress.utterance_count > 0,
        duration_seconds=recording.duration_seconds,
        facts=facts(recording, progress, by=by),
        gaps=gaps(recording.gaps),
        can_withdraw=mine and not withdrawn,
    )
