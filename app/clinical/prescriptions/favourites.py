"""Favourites: what a doctor prescribes often, with how it is taken; nothing of any patient."""

import hashlib
import json
from uuid import UUID, uuid4

from app import audit
from app.clinical.prescriptions import policies, proposal_rows, reading, repository
from app.clinical.prescriptions.errors import FavouriteKept
from app.clinical.prescriptions.models import PrescriptionFavourite
from app.clinical.prescriptions.proposal_schemas import FavouriteOut
from app.clinical.prescriptions.schemas import ItemContent
from app.clinical.prescriptions.sig import sig_text
from app.infra.uow import UnitOfWork

OF_THE_PATIENT = {"reason": None, "continues": None, "renews_id": None}


async def list_favourites(uow: UnitOfWork) -> list[FavouriteOut]:
    """The actor's own, in the order of names; nothing about a patient, so no trace."""
    policies.require_doctor(uow)
    found = [shown(one) for one in await proposal_rows.favourites_of(uow, uow.actor.id)]
    return sorted(found, key=lambda one: (one.content.name.casefold(), one.sig_text))


async def keep_favourite(uow: UnitOfWork, item_id: UUID) -> FavouriteOut:
    """Raises `PrescriptionItemNotFound`, `FavouriteKept`."""
    policies.require_doctor(uow)
    item = await repository.get_item(uow, item_id)
    content = item.content.model_copy(update=OF_THE_PATIENT)
    said = content.model_dump(mode="json")
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    favourite_id = uuid4()
    values = {
        "id": favourite_id,
        "owner_id": uow.actor.id,
        "content": said,
        "content_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "created_at": uow.now,
    }
    if not await proposal_rows.add_favourite(uow, values):
        raise FavouriteKept
    subject = ("prescription-item", item.id)
    await reading.record(uow, "prescription-favourite.keep", item.patient_id, subject)
    return shown(await proposal_rows.own_favourite(uow, favourite_id))


async def drop_favourite(uow: UnitOfWork, favourite_id: UUID) -> None:
    """Raises `FavouriteNotFound`."""
    policies.require_doctor(uow)
    favourite = await proposal_rows.own_favourite(uow, favourite_id)
    await uow.db.delete(favourite)
    subject = ("prescription-favourite", favourite.id)
    await audit.record(uow, "prescription-favourite.drop", subject=subject)


def shown(favourite: PrescriptionFavourite) -> FavouriteOut:
    content = ItemContent.model_validate(favourite.content)
    return FavouriteOut(
        id=favourite.id,
        content=content,
        sig_text=sig_text(content.sig),
        created_at=favourite.created_at,
    )
