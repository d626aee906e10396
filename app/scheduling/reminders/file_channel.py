"""Reminders as lines of a file, for whoever calls or writes to patients."""

import asyncio
import json
import os
from pathlib import Path

from app.kernel.clock import Clock
from app.scheduling.reminders.channels import NotReached, Unsure
from app.scheduling.reminders.messages import Message
from app.scheduling.reminders.parcels import parcel_of


class FileChannel:
    """One file a day (of the clinic), one JSON object a line; only the owner may read it."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder, self._clock = folder, clock

    def can_reach(self, message: Message) -> bool:
        return True

    async def deliver(self, message: Message) -> None:
        day = self._clock.now().astimezone(message.zone).date()
        line = json.dumps(parcel_of(message), ensure_ascii=False) + "\n"
        await asyncio.to_thread(append, self._folder / f"{day}.jsonl", line.encode())


def append(path: Path, line: bytes) -> None:
    """Add a line that a power cut will not take away again. Blocks."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError as error:
        raise NotReached from error
    try:
        write(target, line)
        os.fsync(target)
        sync_folder(path.parent)
    except OSError as error:
        raise Unsure from error
    finally:
        os.close(target)


def write(target: int, line: bytes) -> None:
    whole = b"\n" + line if torn(target) else line
    try:
        written = os.write(target, whole)
    except OSError as error:  # a full disk takes all it can, or says so
        raise NotReached from error
    if written < len(whole):
        raise Unsure


def torn(target: int) -> bool:
    """Whether somebody died while writing the last line."""
    size = os.lseek(target, 0, os.SEEK_END)
    return size > 0 and os.pread(target, 1, size - 1) != b"\n"


def sync_folder(folder: Path) -> None:
    """A new file is only there once its folder says so."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
