"""Postgres, Mongo and Redis for a newcomer and the tests, run as child processes."""

from app.infra.embedded.errors import (
    DataInUse,
    EmbeddedStoreError,
    NamelessUser,
    StoreDidNotStart,
    StoreMissing,
)
from app.infra.embedded.stores import EmbeddedStores, StoreUrls, attach

__all__ = [
    "DataInUse",
    "EmbeddedStoreError",
    "EmbeddedStores",
    "NamelessUser",
    "StoreDidNotStart",
    "StoreMissing",
    "StoreUrls",
    "attach",
]
