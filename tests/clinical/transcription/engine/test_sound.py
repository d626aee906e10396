import io
import socket
import tracemalloc
import zipfile

import av
import numpy as np
import pytest

from app.clinical.transcription.schemas import FailureReason
from app.clinical.transcription.sound import (
    SAMPLE_RATE,
    SoundRefused,
    StreamingWav,
    is_streaming_wav,
    open_sound,
    streaming_wav_header,
)
from tests.clinical.transcription.engine.sounds import (
    dictation_file,
    pcm,
    samples_of,
    streaming_wav,
    tone,
    wav,
)


def written(path, raw: bytes):
    path.write_bytes(raw)
    return path


def encoded(codec: str, container: str, samples, *, rate: int = SAMPLE_RATE) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        stream = file.add_stream(codec, rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(
            (samples * 32767).astype("<i2")[None], format="s16", layout="mono"
        )
        frame.sample_rate = rate
        file.mux([*stream.encode(frame), *stream.encode(None)])
    return out.getvalue()


def refusal(path, **limits) -> FailureReason:
    with pytest.raises(SoundRefused) as refused:
        list(open_sound(path, **{"max_duration_seconds": 60, **limits}).blocks(0))
    return refused.value.reason


def seconds(path) -> float:
    return round(samples_of(path).size / SAMPLE_RATE, 1)


def test_a_streaming_wav_is_read_from_any_sample(tmp_path):
    samples = tone(2.5)
    path = streaming_wav(tmp_path / "x", samples)
    assert is_streaming_wav(path)
    rest = np.concatenate(list(open_sound(path, max_duration_seconds=60).blocks(20_001)))
    assert np.allclose(rest, samples[20_001:], atol=1e-4)


def test_a_growing_file_is_read_up_to_the_whole_samples_present(tmp_path):
    path = tmp_path / "x"
    for bytes_present, expected in ((10, None), (44, 0), (45, 0), (47, 1), (44 + 3200, 1600)):
        path.write_bytes((streaming_wav_header() + pcm(tone(1)))[:bytes_present])
        if expected is None:
            assert not is_streaming_wav(path)
        else:
            sound = open_sound(path, max_duration_seconds=60)
            assert isinstance(sound, StreamingWav)
            assert sum(block.size for block in sound.blocks(0)) == expected


@pytest.mark.parametrize(
    ("codec", "container"),
    [
        ("flac", "flac"),
        ("libmp3lame", "mp3"),
        ("aac", "mp4"),
        ("aac", "adts"),
        ("libopus", "ogg"),
        ("libopus", "webm"),
        ("alac", "mp4"),
    ],
)
def test_uploads_in_the_usual_containers_are_decoded(tmp_path, codec, container):
    rate = 48_000 if codec == "libopus" else 44_100
    raw = encoded(codec, container, tone(2, rate=rate), rate=rate)
    samples = samples_of(written(tmp_path / "upload.bin", raw))
    assert abs(samples.size / SAMPLE_RATE - 2) < 0.1
    assert 0.15 < np.sqrt(np.mean(np.square(samples))) < 0.25


@pytest.mark.parametrize(
    ("rate", "channels"), [(8_000, 1), (44_100, 2), (384_000, 2), (48_000, 6), (8_000, 64)]
)
def test_any_rate_and_number_of_channels_becomes_16_khz_mono(tmp_path, rate, channels):
    raw = wav(tone(1, rate=rate), rate=rate, channels=channels)
    samples = samples_of(written(tmp_path / "x.wav", raw))
    assert abs(samples.size - SAMPLE_RATE) < 100
    assert np.sqrt(np.mean(np.square(samples))) > 0.1


def test_a_header_that_claims_four_gigabytes_gives_what_is_there(tmp_path):
    for claimed in (0xFFFFFFFF, 0xFFFFFFF0, 0):
        raw = wav(tone(1, rate=44_100), rate=44_100, claimed=claimed)
        if claimed:
            assert seconds(written(tmp_path / "x.wav", raw)) == 1.0


def test_a_truncated_file_gives_what_is_there(tmp_path):
    raw = dictation_file().read_bytes()
    assert seconds(written(tmp_path / "x.ogg", raw[: len(raw) // 2])) > 12


@pytest.mark.parametrize(
    "raw",
    [
        b"hello, this is a text " * 40,
        b"#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"\x89PNG\r\n\x1a\n" + bytes(400),
        b"\xff\xd8\xff\xe0" + bytes(400),
        b"<?xml version='1.0'?><MPD></MPD>",
        "UTF-16 text".encode("utf-16") * 30,
        bytes(4_000),
    ],
    ids=["text", "hls", "concat", "png", "jpeg", "dash", "utf-16", "zeros"],
)
def test_what_is_no_sound_is_refused_by_its_first_bytes(tmp_path, raw):
    assert refusal(written(tmp_path / "x.wav", raw)) == FailureReason.not_audio


def test_a_zip_called_wav_is_refused(tmp_path):
    path = tmp_path / "x.wav"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.wav", wav(tone(1), rate=SAMPLE_RATE))
    assert refusal(path) == FailureReason.not_audio


def test_a_file_with_only_a_picture_is_refused(tmp_path):
    out = io.BytesIO()
    with av.open(out, "w", format="matroska") as file:
        stream = file.add_stream("mjpeg", rate=1, width=64, height=64, pix_fmt="yuvj420p")
        frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
        file.mux([*stream.encode(frame.reformat(format="yuvj420p")), *stream.encode(None)])
    assert refusal(written(tmp_path / "x.webm", out.getvalue())) == FailureReason.not_audio


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", FailureReason.empty),
        (wav(tone(0), rate=44_100), FailureReason.empty),
        (b"fLaC" + bytes(100), FailureReason.decode_failed),
        (b"OggS" + b"\x01nonsense" * 60, FailureReason.decode_failed),
    ],
    ids=["no bytes", "a header only", "flac in name only", "ogg in name only"],
)
def test_files_without_usable_sound_end_in_a_clear_state(tmp_path, raw, reason):
    assert refusal(written(tmp_path / "x", raw)) == reason


MAGIC = {
    "mp3": b"ID3\x03\x00\x00\x00\x00\x00\x00",
    "m4a": b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00",
    "nothing": b"",
}


@pytest.mark.parametrize("magic", MAGIC.values(), ids=MAGIC)
def test_a_playlist_never_reaches_its_server(tmp_path, magic):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        address = "http://{}:{}/a.ts".format(*server.getsockname())
        playlist = f"#EXTM3U\n#EXTINF:5,\n{address}\nfile:///etc/passwd\n".encode()
        with pytest.raises(SoundRefused):
            samples_of(written(tmp_path / "x.m3u8", magic + playlist * 20))
        with pytest.raises(BlockingIOError):
            server.accept()


def test_the_duration_limit_holds_for_streams_and_for_small_files_of_great_length(tmp_path):
    long = streaming_wav(tmp_path / "a", np.zeros(61 * SAMPLE_RATE, dtype=np.float32))
    assert refusal(long) == FailureReason.too_long
    raw = encoded("flac", "flac", np.zeros(120 * SAMPLE_RATE, dtype=np.float32))
    assert len(raw) < 60_000
    assert refusal(written(tmp_path / "b", raw)) == FailureReason.too_long


def test_memory_stays_flat_for_a_long_file(tmp_path):
    raw = encoded("flac", "flac", np.zeros(20 * 60 * SAMPLE_RATE, dtype=np.float32))
    sound = open_sound(written(tmp_path / "x", raw), max_duration_seconds=3600)
    tracemalloc.start()
    try:
        assert sum(block.size for block in sound.blocks(0)) == 20 * 60 * SAMPLE_RATE
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2_000_000


def test_decoding_goes_on_behind_damage_and_says_where_it_was(tmp_path):
    rate = 48_000
    whole = encoded("libmp3lame", "mp3", tone(20, rate=rate), rate=rate)
    middle = len(whole) // 2
    broken = whole[:middle] + b"\x55" * 3_000 + whole[middle + 3_000 :]
    sound = open_sound(written(tmp_path / "x.mp3", broken), max_duration_seconds=60)
    samples = np.concatenate(list(sound.blocks(0)))
    assert abs(samples.size / SAMPLE_RATE - 20) < 0.5
    assert np.sqrt(np.mean(np.square(samples[-5 * SAMPLE_RATE :]))) > 0.15
    assert sound.damaged
    assert all(8 < damage.start / SAMPLE_RATE < 12 for damage in sound.damaged)


def test_the_rate_may_change_in_mid_stream(tmp_path):
    first = encoded("libmp3lame", "mp3", tone(3, rate=44_100), rate=44_100)
    second = encoded("libmp3lame", "mp3", tone(3, rate=22_050), rate=22_050)
    samples = samples_of(written(tmp_path / "x.mp3", first + second))
    assert abs(samples.size / SAMPLE_RATE - 6) < 0.4


def test_reading_from_the_middle_of_a_file_gives_the_same_samples():
    whole = samples_of(dictation_file())
    part = list(open_sound(dictation_file(), max_duration_seconds=60).blocks(200_003))
    assert np.array_equal(np.concatenate(part), whole[200_003:])
