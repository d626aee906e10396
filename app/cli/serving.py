"""`dra serve`, `dra worker`: the site and its helpers, kept running."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from app.cli.coding import codes_are_loaded
from app.cli.console import console
from app.cli.stores import embedded_stores, migrate_up, stores_for
from app.infra.children import Child
from app.infra.embedded import EmbeddedStores, StoreUrls
from app.infra.http.health import COUNTED_TOGETHER
from app.infra.supervisor import Supervisor
from app.main import create_app
from app.settings import Settings
from app.worker import run_worker

Host = Annotated[str | None, typer.Option(help="Address to listen on.")]
Port = Annotated[int | None, typer.Option(help="Port to listen on.")]
Line = Annotated[int | None, typer.Option(help="An open file that is bound to an address.")]
OneOfMany = Annotated[bool, typer.Option(help="Others listen at that address too.")]

DEALS_OUT = sys.platform == "linux"
SHARING = socket.SO_REUSEPORT if DEALS_OUT else socket.SO_REUSEADDR


def serve(host: Host = None, port: Port = None) -> None:
    """Serve the site with its stores and workers, and restart whatever dies."""
    settings = Settings()
    line = bound(host or settings.host, port or settings.port)
    stores, urls = start_stores(settings)
    supervisor = Supervisor(children(settings, urls, line), stores=stores)
    console.print(f"Serving {address(settings, host, port)}  (Ctrl-C ends)")
    console.print(f"Logs are in {settings.data_dir / 'logs'}.")
    raise typer.Exit(supervisor.run())


def bound(host: str, port: int) -> int:
    """The open file of the address where every web process will listen.

    Says at once that somebody else has it, rather than after eight restarts.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    shared = socket.socket(family)
    try:
        if DEALS_OUT:
            with socket.socket(family) as probe:  # whoever deals out would let others join in
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        shared.setsockopt(socket.SOL_SOCKET, SHARING, 1)
        shared.bind((host, port))
    except OSError as error:
        shared.close()
        raise OSError(
            f"cannot listen on {host}:{port} ({error.strerror}): name another --port"
        ) from error
    return shared.detach()


def listening_at(line: int, *, one_of_many: bool) -> socket.socket:
    """The socket of a web process at that address.

    Of one that is shared the supervisor keeps whoever waits while the process is started again.
    But several processes would take from it as they are awake, perhaps one of them everybody; Linux
    deals out among sockets that are bound alike, and what one leaves goes to the others.
    """
    shared = socket.socket(fileno=line)
    if not (DEALS_OUT and one_of_many):
        return shared
    own = socket.socket(shared.family)
    own.setsockopt(socket.SOL_SOCKET, SHARING, 1)
    own.bind(shared.getsockname())
    shared.detach()  # it goes on keeping the address for us
    return own


def start_stores(settings: Settings) -> tuple[EmbeddedStores, StoreUrls]:
    """Start what no URL names, bring the schema of embedded stores up to date, load the codes.

    A site with its own servers does both when it decides to: `dra migrate up`, `dra icd10 load`.
    """
    stores = embedded_stores(settings)
    with console.status("Starting the stores…") as status:
        urls = stores.start(on_progress=status.update)
    try:
        if settings.database_url is None:
            asyncio.run(migrate_up(urls))
            load_codes(settings, urls)
    except BaseException:
        stores.stop()
        raise
    return stores, urls


def load_codes(settings: Settings, urls: StoreUrls) -> None:
    """What a fresh site begins with, by a process of its own: reading it takes much memory."""
    if settings.environment != "test" and not asyncio.run(codes_are_loaded(urls)):
        command = [sys.executable, "-m", "app.cli", "icd10", "load", "--if-none"]
        subprocess.run(command, env=environment(settings, urls), check=True)  # noqa: S603


def children(settings: Settings, urls: StoreUrls, line: int) -> list[Child]:
    """The processes of one site: the API with its pages, and the transcription workers.

    `line` is the open file of the bound address, shared by all web processes.
    """
    env = environment(settings, urls)
    logs = settings.data_dir.absolute() / "logs"
    python = (sys.executable, "-m", "app.cli")
    web = env | {COUNTED_TOGETHER: str(empty_folder(settings.data_dir.absolute() / "metrics"))}
    web_processes = [
        Child(
            f"api-{number}",
            (
                *python,
                "api",
                "--line",
                str(line),
                *["--one-of-many"] * (settings.web_processes > 1),
            ),
            env=web,
            log_path=logs / f"api-{number}.log",
            inherits=(line,),
        )
        for number in range(1, settings.web_processes + 1)
    ]
    workers = [
        Child(
            f"worker-{number}",
            (*python, "worker"),
            env=env,
            log_path=logs / f"worker-{number}.log",
        )
        for number in range(1, settings.workers + 1)
    ]
    return [*web_processes, *workers]


def empty_folder(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def environment(settings: Settings, urls: StoreUrls) -> dict[str, str]:
    given = {
        "DATABASE_URL": urls.database_url,
        "MONGO_URL": urls.mongo_url,
        "REDIS_URL": urls.redis_url or "",
        "DRA_DATA_DIR": str(settings.data_dir.absolute()),
        "DRA_ENVIRONMENT": settings.environment,
    }
    if settings.speech_model:
        given["DRA_SPEECH_MODEL"] = settings.speech_model
    return {**os.environ, **given}


def address(settings: Settings, host: str | None = None, port: int | None = None) -> str:
    return f"http://{host or settings.host}:{port or settings.port}"


def api(
    host: Host = None, port: Port = None, line: Line = None, one_of_many: OneOfMany = False
) -> None:
    """One web process."""
    settings = Settings()
    with stores_for(settings) as urls:
        server = uvicorn.Server(
            uvicorn.Config(
                create_app(settings, urls),
                host=host or settings.host,
                port=port or settings.port,
                forwarded_allow_ips=settings.trusted_proxies,
                access_log=False,  # paths hold ids; the metrics count by route
                log_level="warning",
                server_header=False,
                timeout_graceful_shutdown=5,
            )
        )
        server.run(None if line is None else [listening_at(line, one_of_many=one_of_many)])
    if not server.started:
        raise typer.Exit(1)


def worker() -> None:
    """One transcription worker; run as many as there are cores to spare."""
    settings = Settings()
    with stores_for(settings) as urls:
        asyncio.run(run_worker(settings, urls))
