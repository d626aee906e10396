"""Why a migration was refused or failed; every message names the file and what to do."""

from pathlib import Path


class MigrationError(Exception):
    """The schema cannot be brought to the wanted version."""


class FoldersMissing(MigrationError):
    """The migration files are not beside the program."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"there is no folder {folder}: run from a checkout or the project's image")


class UnreadableFile(MigrationError):
    """A migration file does not have the agreed name or form."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}")


class DuplicateVersion(MigrationError):
    """Two migrations carry the same version."""

    def __init__(self, version: str, names: list[str]) -> None:
        super().__init__(
            f"version {version} is used by {' and '.join(names)}: rename the later one"
        )


class OtherHalfMissing(MigrationError):
    """A migration has a way up and no way down, or the other way round."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is missing: every migration needs both an up and a down file")


class CommandNotRepeatable(MigrationError):
    """A Mongo command that may not run twice would make a crash unrecoverable."""

    def __init__(self, path: Path, command: str, allowed: list[str]) -> None:
        super().__init__(f"{path}: {command!r} may not be repeated; use {', '.join(allowed)}")


class ChecksumMismatch(MigrationError):
    """A migration was edited after it had been applied."""

    def __init__(self, filename: str) -> None:
        self.filename = filename
        super().__init__(
            f"{filename} was edited after it had been applied: "
            "restore it and put the change into a new migration"
        )


class FileMissing(MigrationError):
    """A migration was applied whose file is not here."""

    def __init__(self, version: str, name: str) -> None:
        self.version = version
        super().__init__(
            f"{version}_{name} is applied, but its file is missing: "
            "restore it, or run the release that has it"
        )


class UnknownVersion(MigrationError):
    """No migration has this version."""

    def __init__(self, version: str) -> None:
        super().__init__(f"no migration has the version {version}: see `./dra migrate status`")


class MigrationFailed(MigrationError):
    """A migration was refused by its store; nothing of a SQL file remains."""

    def __init__(self, filename: str, why: str) -> None:
        self.filename = filename
        super().__init__(f"{filename} failed: {why}")


class ResetRefused(MigrationError):
    """Emptying the stores is for development and tests only."""

    def __init__(self, environment: str) -> None:
        super().__init__(
            f"reset and refresh destroy all data and are refused in {environment!r}; "
            "they run in development and test only"
        )
