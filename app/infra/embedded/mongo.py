"""SecantusDB: the MongoDB wire protocol over WiredTiger, always as a process of its own (GPL-2)."""

import os
import socket
import sys
from importlib.util import find_spec
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from app.infra.children import Child
from app.infra.embedded.errors import StoreMissing
from app.infra.embedded.servers import log_of

DATABASE = "dr_assistant"


class MongoServer:
    name = "mongo"
    only_a_cache = False

    def __init__(self, data_dir: Path, port: int, *, durable: bool) -> None:
        if find_spec("secantus") is None:
            raise StoreMissing("mongo", "MONGO_URL")
        self._folder = data_dir / "mongo"
        self._settings = self._folder / "secantusd.toml"
        self._port = port
        self.url = f"mongodb://127.0.0.1:{port}/{DATABASE}?directConnection=true"
        self.child = Child(
            name=self.name,
            argv=(
                *(sys.executable, "-m", "secantus", "--config", str(self._settings)),
                *("--host", "127.0.0.1", "--port", str(port)),
                *("--storage-path", str(self._folder / "data")),
                *("--cache-size", "256M", "--log-level", "WARNING"),
                *(("--sync-on-commit",) if durable else ()),
            ),
            log_path=log_of(data_dir, self.name),
            cwd=self._folder,
            env={"PATH": os.defpath, "PYTHONUNBUFFERED": "1"},
        )

    def prepare(self) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        # Named and empty, so that no settings file found elsewhere on the machine is picked up.
        self._settings.touch()

    def answers(self) -> bool:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", self._port)):
                return False
        client: MongoClient[dict[str, object]] = MongoClient(
            self.url, serverSelectionTimeoutMS=1000, connectTimeoutMS=1000, socketTimeoutMS=1000
        )
        try:
            client.admin.command("ping")
        except PyMongoError:
            return False
        else:
            return True
        finally:
            client.close()
