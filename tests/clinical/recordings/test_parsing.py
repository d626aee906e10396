"""Headers: digests and ranges, from senders nobody vouches for."""

import base64
import contextlib
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clinical.recordings.digests import sha256_in
from app.clinical.recordings.errors import DigestMissing, DigestUnreadable
from app.clinical.recordings.ranges import RangeUnsatisfiable, Span, wanted_span

DIGEST = hashlib.sha256(b"some sound").digest()
ENCODED = base64.b64encode(DIGEST).decode()


@pytest.mark.parametrize(
    "header",
    [
        f"sha-256=:{ENCODED}:",
        f"  sha-256=:{ENCODED}:  ",
        f"sha-512=:AAAA:, sha-256=:{ENCODED}:",
        f"sha-256=:{ENCODED}:, unixsum=:AAAA:",
        f"sha-256=:{ENCODED}:;hint=1",
        f"sha-256=:{base64.b64encode(bytes(32)).decode()}:, sha-256=:{ENCODED}:",
    ],
)
def test_the_sha_256_is_found_among_others_and_the_last_counts(header: str) -> None:
    assert sha256_in(header) == DIGEST.hex()


@pytest.mark.parametrize(
    "header",
    [
        "",
        "sha-256",
        f"sha-256={ENCODED}",
        f"SHA-256=:{ENCODED}:",
        "sha-256=:AAAA:",
        "sha-256=:A:",
        f"sha-256=:{ENCODED}:,",
        f"sha-256=:{ENCODED}: garbage",
        "sha-256=:" + "A" * 9000 + ":",
    ],
)
def test_what_is_not_a_digest_is_refused_by_the_name_of_the_header(header: str) -> None:
    with pytest.raises(DigestUnreadable) as refused:
        sha256_in(header)

    assert refused.value.errors[0]["at"] == ["header", "content-digest"]


def test_a_digest_of_another_kind_does_not_do() -> None:
    with pytest.raises(DigestMissing):
        sha256_in("sha-512=:AAAA:")


@given(st.text(st.characters(max_codepoint=255), max_size=60))
def test_no_header_makes_the_parsers_stumble(header: str) -> None:
    with contextlib.suppress(DigestUnreadable, DigestMissing):
        assert len(sha256_in(header)) == 64
    with contextlib.suppress(RangeUnsatisfiable):
        wanted_span(header, 100)


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-0", Span(0, 1)),
        ("bytes=10-", Span(10, 100)),
        ("bytes=90-500", Span(90, 100)),
        ("bytes=-1", Span(99, 100)),
        ("bytes=-500", Span(0, 100)),
        ("Bytes = 5-6", Span(5, 7)),
    ],
)
def test_one_range_is_understood(header: str, span: Span) -> None:
    assert wanted_span(header, 100) == span


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=5-4",
        "bytes=a-b",
        "words=1-2",
        "bytes=0-1,3-4",
        "bytes=" + ",".join(["0-0"] * 10000),
        "bytes=" + "9" * 5000 + "-",
    ],
)
def test_what_is_not_one_range_asks_for_the_whole(header: str | None) -> None:
    assert wanted_span(header, 100) is None


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_outside_of_the_sound_cannot_be_satisfied(header: str) -> None:
    with pytest.raises(RangeUnsatisfiable):
        wanted_span(header, 100)


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=-5"])
def test_of_nothing_no_range_can_be_had(header: str) -> None:
    with pytest.raises(RangeUnsatisfiable):
        wanted_span(header, 0)
