"""Connections to Mongo: journaled majority writes, zoned times, standard UUIDs."""

from collections.abc import Sequence
from typing import Any

from beanie import Document, init_beanie
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

OPTIONS: dict[str, Any] = {
    "uuidRepresentation": "standard",
    "tz_aware": True,
    "w": "majority",
    "journal": True,
    "serverSelectionTimeoutMS": 5000,
    "connectTimeoutMS": 5000,
    "socketTimeoutMS": 30000,
    "appname": "dr-assistant",
}
DEFAULT_DATABASE = "dr_assistant"


def open_mongo(mongo_url: str) -> AsyncMongoClient[dict[str, Any]]:
    return AsyncMongoClient(mongo_url, **OPTIONS)


def open_motor(mongo_url: str) -> AsyncIOMotorClient[dict[str, Any]]:
    """The second client, for GridFS alone: see docs/decisions on why motor is here."""
    return AsyncIOMotorClient(mongo_url, **OPTIONS)


async def bind_documents(
    database: AsyncDatabase[dict[str, Any]], documents: Sequence[type[Document]]
) -> None:
    """Attach the slices' documents; collections and indexes come from mongo_init/."""
    await init_beanie(database=database, document_models=list(documents), skip_indexes=True)
