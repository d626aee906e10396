"""Postgres refuses to run as root, so root lends it to the user `nobody`.

`nobody` exists on every system and has the same id in every container, so the data folder keeps
its owner wherever it is mounted.
"""

import os
import pwd
import stat
from collections.abc import Iterable
from pathlib import Path


def unprivileged_uid() -> int:
    """The user Postgres runs as: we ourselves, unless we are root."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()


def has_name(uid: int) -> bool:
    """Containers started with a bare number as their user have none."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def let_pass(uid: int, folders: Iterable[Path]) -> list[Path]:
    """Let another user walk through (not list) the parents of folders; returns what changed."""
    if uid == os.geteuid():
        return []
    changed = []
    for folder in folders:
        for parent in reversed(folder.resolve().parents):
            mode = parent.stat().st_mode
            if not mode & stat.S_IXOTH and parent.stat().st_uid != uid:
                parent.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
                changed.append(parent)
    return changed


def let_read(uid: int, folder: Path) -> None:
    """Let another user read an installed program, whatever umask it was installed with."""
    if uid == os.geteuid():
        return
    for path in (folder, *folder.rglob("*")):
        if path.is_symlink():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        runnable = path.is_dir() or bool(mode & stat.S_IXUSR)
        wanted = mode | stat.S_IROTH | (stat.S_IXOTH if runnable else 0)
        if wanted != mode:
            path.chmod(wanted)
