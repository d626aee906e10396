"""Lanes and shares: how much of a doctor, a room or a patient one appointment takes.

Whoever has k lanes can be booked k times over. Lane number k is the range [27720 k, 27720 (k + 1));
a visit type that n patients may attend together takes one n-th of a lane. 27720 is the least number
that all of 1 to 12 divide, so every n-th is whole. Two appointments at the same time get along
exactly when their ranges do not overlap, which an exclusion constraint sees to.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

FULL = 27_720
MOST_LANES = 12  # with a reason; without one a doctor's own number of lanes counts


class Share(NamedTuple):
    """A half-open range of somebody's lanes."""

    lower: int
    upper: int

    def overlaps(self, other: "Share") -> bool:
        return self.lower < other.upper and other.lower < self.upper


def share_at(lane: int, part: int = 0, parallel: int = 1) -> Share:
    """Part number `part` (from 0) of a lane that `parallel` may share."""
    width = FULL // parallel
    lower = lane * FULL + part * width
    return Share(lower, lower + width)


def shares(lanes: int, parallel: int = 1) -> Iterator[Share]:
    """Every share such an appointment may take, in the order they are tried."""
    for lane in range(lanes):
        for part in range(parallel):
            yield share_at(lane, part, parallel)


def free_share(taken: Collection[Share], lanes: int, parallel: int = 1) -> Share | None:
    """The first share nobody has of those that are taken at the same time; None: all full."""
    if not taken:  # by far the most frequent case of a search
        return share_at(0, 0, parallel)
    for share in shares(lanes, parallel):
        if not any(share.overlaps(other) for other in taken):
            return share
    return None


def lane_of(share: Share) -> int:
    return share.lower // FULL
