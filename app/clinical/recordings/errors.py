"""What can be the matter with a recording."""

from uuid import UUID

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class RecordingNotFound(NotFound):
    """There is no such recording, or you may not see it."""

    recording_id: UUID


class NotADictatingDoctor(Forbidden):
    """Only a doctor may record a dictation."""


class NotAListener(Forbidden):
    """Only doctors and nurses may see and hear recordings."""


class NotYourRecording(Forbidden):
    """Only the doctor who dictates, or whose encounter it is, may add to this recording."""

    recording_id: UUID


class ConsentMissing(Conflict):
    """The patient has not agreed to being recorded: record the consent first."""

    encounter_id: UUID


class ContinuesElsewhere(Invalid):
    """A recording can only continue an earlier one of the same encounter."""

    continues: UUID


class RecordingCompleted(Conflict):
    """This recording is complete: nothing more can be added to it."""

    recording_id: UUID


class RecordingEnteredInError(Conflict):
    """This recording was marked as entered in error: nothing more can be added to it."""

    recording_id: UUID


class RecordingUnfinished(Conflict):
    """This recording is still being received."""

    recording_id: UUID


class ChunkDiffers(Conflict):
    """Other bytes were already received under this number."""

    recording_id: UUID
    seq: int


class ChunksMissing(Conflict):
    """Not everything has arrived yet: send the missing chunks, then complete again."""

    recording_id: UUID
    missing: list[int]
    missing_count: int


class CountDiffers(Conflict):
    """The named number of chunks does not fit this recording."""

    recording_id: UUID
    chunk_count: int


class TooManyGaps(Conflict):
    """No more gaps are kept for this recording."""

    recording_id: UUID


class DeclaredSoundDiffers(Conflict):
    """The checksum named at completion belongs to some other sound."""

    recording_id: UUID


class SoundDamaged(Conflict):
    """The stored sound no longer is what was received."""

    recording_id: UUID
    seq: int | None = None


class ChunkEmpty(Invalid):
    """A chunk holds at least one byte."""


class ChunkTooLarge(Invalid):
    """A chunk is too large: send the recording in smaller pieces."""

    max_bytes: int


class RecordingTooLarge(Invalid):
    """The recording would grow past what this site accepts."""

    recording_id: UUID
    max_bytes: int


class ChunkCutOff(Invalid):
    """The connection ended in the middle of a chunk: send it again."""


class DigestUnreadable(Invalid):
    """Content-Digest must look like sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:."""

    errors: list[dict[str, object]]


class DigestMissing(Invalid):
    """Content-Digest must name a sha-256 of the chunk."""

    errors: list[dict[str, object]]


class DigestDiffers(Invalid):
    """The bytes that arrived are not those which Content-Digest describes: send them again."""

    recording_id: UUID
    seq: int
