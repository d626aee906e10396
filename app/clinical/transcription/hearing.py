"""From a file to words: decode, cut at pauses, transcribe, guard; one utterance at a time."""

from collections.abc import Callable, Iterator
from pathlib import Path

from app.clinical.transcription.engine_events import (
    Damaged,
    Dropped,
    EngineEvent,
    Failed,
    Finished,
    Limits,
    Paused,
    Progress,
    Request,
    UtteranceHeard,
)
from app.clinical.transcription.guards import Judged, judge
from app.clinical.transcription.manifest import ModelManifest, load_manifest
from app.clinical.transcription.schemas import (
    SAMPLE_RATE,
    DroppedSpan,
    DropReason,
    FailureReason,
    FileTranscript,
    Utterance,
    Word,
)
from app.clinical.transcription.sound import Sound, SoundRefused, is_streaming_wav, open_sound
from app.clinical.transcription.transcriber import Transcriber
from app.clinical.transcription.utterances import Cut, UtteranceCutter

SAMPLES_PER_SIGN_OF_LIFE = 5 * SAMPLE_RATE


class Hearing:
    """One request being worked on; the cutter may go on living for the next one."""

    def __init__(
        self,
        request: Request,
        cutter: UtteranceCutter,
        transcriber: Transcriber,
        manifest: ModelManifest,
        pause_wanted: Callable[[], bool] = lambda: False,
    ) -> None:
        self._request = request
        self._cutter = cutter
        self._transcriber = transcriber
        self._manifest = manifest
        self._pause_wanted = pause_wanted
        self._paused = False
        self._next_index = request.next_index
        self._next_word = request.next_word_index
        self._had_speech = False

    def events(self) -> Iterator[EngineEvent]:
        """Yield what happens, ending with Finished, Paused or Failed."""
        try:
            yield from self._listen()
        except SoundRefused as refused:
            yield Failed(reason=refused.reason, message=str(refused))
            return
        if self._paused:
            yield Paused(position_samples=self._cutter.position)
            return
        yield Finished(
            position_samples=self._cutter.position,
            duration_seconds=self._cutter.heard / SAMPLE_RATE,
            had_speech=self._had_speech,
        )

    def _listen(self) -> Iterator[EngineEvent]:
        request, cutter = self._request, self._cutter
        if not request.final and not is_streaming_wav(request.path):
            return  # other files can be decoded only when they are complete
        sound = open_sound(request.path, max_duration_seconds=request.limits.max_duration_seconds)
        for block in sound.blocks(cutter.heard):
            before = cutter.heard
            for cut in cutter.feed(block):
                yield from self._put_into_words(cut)
                yield self._progress(sound)
            yield from self._too_faint()
            mark = SAMPLES_PER_SIGN_OF_LIFE
            if block.size == 0 or before // mark != cutter.heard // mark:
                yield self._progress(sound)
            if self._pause_wanted():
                self._paused = True
                return
        if request.final:
            for cut in cutter.finish():
                yield from self._put_into_words(cut)
            yield from self._too_faint()
            if cutter.heard == 0:
                raise SoundRefused(FailureReason.empty, "The recording holds no sound.")
        yield self._progress(sound)
        yield from self._damage(sound)

    def _too_faint(self) -> Iterator[EngineEvent]:
        """What nobody is asked to put into words is told all the same."""
        faint, self._cutter.faint = self._cutter.faint, []
        for start, end in faint:
            span = DroppedSpan(
                start=_at(start / SAMPLE_RATE), end=_at(end / SAMPLE_RATE), reason=DropReason.faint
            )
            yield Dropped(span=span)

    def _put_into_words(self, cut: Cut) -> Iterator[EngineEvent]:
        segments = self._transcriber.transcribe(cut.samples)
        seconds = cut.samples.size / SAMPLE_RATE
        offset = cut.start / SAMPLE_RATE
        judged = judge(
            segments,
            self._manifest.guards,
            seconds=seconds,
            voiced_seconds=cut.voiced / SAMPLE_RATE,
        )
        for span in judged.dropped:
            moved = {"start": _at(offset + span.start), "end": _at(offset + span.end)}
            yield Dropped(span=span.model_copy(update=moved))
        if judged.words:
            utterance = self._utterance(cut, judged, offset)
            self._had_speech = True
            yield UtteranceHeard(utterance=utterance, position_samples=cut.position)

    def _utterance(self, cut: Cut, judged: Judged, offset: float) -> Utterance:
        words = tuple(
            Word(
                index=self._next_word + place,
                text=word.text,
                start=_at(offset + word.start),
                end=_at(offset + word.end),
                probability=round(min(max(word.probability, 0.0), 1.0), 4),
            )
            for place, word in enumerate(judged.words)
        )
        utterance = Utterance(
            index=self._next_index,
            start=_at(offset),
            end=_at(cut.end / SAMPLE_RATE),
            words=words,
        )
        self._next_word += len(words)
        self._next_index += 1
        return utterance

    def _progress(self, sound: Sound) -> Progress:
        return Progress(
            position_samples=self._cutter.position,
            heard_samples=self._cutter.heard,
            total_samples=sound.total_samples,
        )

    def _damage(self, sound: Sound) -> Iterator[Damaged]:
        for damage in sound.damaged:
            yield Damaged(start=damage.start / SAMPLE_RATE, end=damage.end / SAMPLE_RATE)


def transcribe_file(
    path: Path,
    setting: str,
    on_progress: Callable[[float | None], None] = lambda _: None,
    *,
    limits: Limits | None = None,
) -> FileTranscript:
    """Transcribe a whole file in this process, for the command line.

    `on_progress` gets the part done (0 to 1), or None while the length is unknown.
    Raises SoundRefused and ModelUnusable.
    """
    # Imported late: most commands never need an inference library.
    from app.clinical.transcription.whisper import (  # noqa: PLC0415
        SileroDetector,
        WhisperTranscriber,
    )

    model = load_manifest(setting)
    request = Request(
        path=path,
        position_samples=0,
        next_index=0,
        next_word_index=0,
        final=True,
        limits=limits or Limits(),
    )
    cutter = UtteranceCutter(model.manifest.utterances, SileroDetector())
    hearing = Hearing(request, cutter, WhisperTranscriber(model), model.manifest)
    return _collected(hearing.events(), model.manifest, on_progress)


def _collected(
    events: Iterator[EngineEvent],
    manifest: ModelManifest,
    on_progress: Callable[[float | None], None],
) -> FileTranscript:
    utterances: list[Utterance] = []
    dropped = []
    duration = 0.0
    for event in events:
        match event:
            case UtteranceHeard(utterance=utterance):
                utterances.append(utterance)
            case Dropped(span=span):
                dropped.append(span)
            case Progress(heard_samples=heard, total_samples=total):
                on_progress(min(1.0, heard / total) if total else None)
            case Finished(duration_seconds=seconds):
                duration = seconds
            case Failed(reason=reason, message=message):
                raise SoundRefused(reason, message)
            case Damaged() | Paused():
                pass
    return FileTranscript(
        utterances=tuple(utterances),
        words=tuple(word for utterance in utterances for word in utterance.words),
        dropped=tuple(dropped),
        duration_seconds=duration,
        model=manifest.info,
    )


def _at(seconds: float) -> float:
    return round(seconds, 3)
