"""Recordings as growing files, for the speech engine; they can be had again at any time."""

import asyncio
import fcntl
import hashlib
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from app.clinical import recordings
from app.infra.uow import Works
from app.kernel.actors import Actor

TRANSCRIBER = Actor.system("transcriber")


@dataclass(slots=True)
class Spool:
    """One recording's sound as far as it was fetched."""

    path: Path
    chunks: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    @property
    def sha256(self) -> str:
        """Over all bytes spooled so far, in order."""
        return str(self.digest.hexdigest())

    def append(self, data: bytes) -> None:
        with self.path.open("ab") as file:
            file.write(data)
        self.digest.update(data)
        self.chunks += 1


class SpoolRoom:
    """A folder of this process's own; what a killed process left behind is swept out."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        sweep_out(folder)
        fresh = Path(tempfile.mkdtemp(prefix="new-", dir=folder))
        self._lock = occupied(fresh)  # before anybody may take it for left behind
        self._room = fresh.rename(folder / fresh.name.replace("new-", "worker-", 1))
        self._spools: dict[UUID, Spool] = {}

    async def catch_up(self, works: Works, recording_id: UUID) -> Spool:
        """Fetch what is not there yet, piece by piece, checked against its hashes."""
        spool = self._spools.get(recording_id)
        if spool is None:
            spool = self._spools[recording_id] = Spool(self._room / str(recording_id))
            spool.path.touch(mode=0o600)
        async with works.begin(TRANSCRIBER) as uow:
            chunks = await recordings.chunks_from(uow, recording_id, spool.chunks)
        for chunk in chunks:
            if chunk.seq != spool.chunks:
                break  # a hole: what comes after it has to wait
            data = await recordings.read_chunk(works, chunk)
            try:
                await asyncio.to_thread(spool.append, data)
            except OSError:
                self.discard(recording_id)  # the disk is full: half a piece is worth nothing
                raise
        return spool

    def discard(self, recording_id: UUID) -> None:
        if spool := self._spools.pop(recording_id, None):
            spool.path.unlink(missing_ok=True)

    def keep_only(self, recording_ids: set[UUID]) -> None:
        """Let go of what nobody will ask for soon."""
        for recording_id in set(self._spools) - recording_ids:
            self.discard(recording_id)

    def held(self) -> set[UUID]:
        return set(self._spools)

    def close(self) -> None:
        self._spools.clear()
        shutil.rmtree(self._room, ignore_errors=True)
        self._lock.close()


def occupied(room: Path) -> IO[str]:
    """Mark a room as in use; the kernel takes the mark away however we end."""
    lock = (room / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise
    return lock


def sweep_out(folder: Path) -> None:
    for room in folder.glob("worker-*"):
        try:
            lock = occupied(room)
        except OSError:  # in use, or gone already
            continue
        shutil.rmtree(room, ignore_errors=True)
        lock.close()
