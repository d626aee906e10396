"""One line of versions over Postgres and Mongo: plain files, applied once, in order."""

from app.infra.migrate.create import create
from app.infra.migrate.errors import (
    ChecksumMismatch,
    CommandNotRepeatable,
    DuplicateVersion,
    FileMissing,
    FoldersMissing,
    MigrationError,
    MigrationFailed,
    OtherHalfMissing,
    ResetRefused,
    UnknownVersion,
    UnreadableFile,
)
from app.infra.migrate.files import Folders, Migration, Store, read_folders
from app.infra.migrate.mongo import run_commands
from app.infra.migrate.runner import (
    State,
    Status,
    down,
    pending,
    refresh,
    reset,
    status,
    up,
)
from app.infra.migrate.steps import Direction, Step

__all__ = [
    "ChecksumMismatch",
    "CommandNotRepeatable",
    "Direction",
    "DuplicateVersion",
    "FileMissing",
    "Folders",
    "FoldersMissing",
    "Migration",
    "MigrationError",
    "MigrationFailed",
    "OtherHalfMissing",
    "ResetRefused",
    "State",
    "Status",
    "Step",
    "Store",
    "UnknownVersion",
    "UnreadableFile",
    "create",
    "down",
    "pending",
    "read_folders",
    "refresh",
    "reset",
    "run_commands",
    "status",
    "up",
]
