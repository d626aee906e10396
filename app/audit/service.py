"""Writing the audit trail."""

from typing import Any
from uuid import UUID

from app.audit.models import AuditEvent, Outcome
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Attempt, Caller, Origin
from app.kernel.errors import DomainError


async def record(
    uow: UnitOfWork,
    action: str,
    *,
    patient_id: UUID | None = None,
    subject: tuple[str, UUID] | None = None,
    outcome: Outcome = Outcome.SUCCESS,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write what happened, in the transaction that made it happen.

    `action` is noun.verb ("note.sign", "patient.read"); `detail` holds ids, enums and
    counts, never names or text about a patient.
    """
    subject_type, subject_id = subject or (None, None)
    uow.paperwork.append(
        AuditEvent.__tablename__,
        {
            "occurred_at": uow.now,
            "actor_id": uow.actor.id,
            "actor_role": min(uow.actor.roles, default="stranger"),
            "action": action,
            "outcome": outcome,
            "patient_id": patient_id,
            "subject_type": subject_type,
            "subject_id": subject_id,
            "address": uow.origin.address,
            "request_id": uow.origin.request_id,
            "detail": detail or {},
        },
    )


async def record_refusal(
    works: Works, caller: Caller, origin: Origin, error: DomainError, attempt: Attempt
) -> None:
    """Write that somebody was refused; its own transaction, for theirs was rolled back.

    The subject is what the end of the address names, whether or not it exists.
    """
    told = {key: value for key, value in error.context.items() if isinstance(value, UUID)}
    ids = told | dict(attempt.ids)
    name = list(attempt.ids)[-1] if attempt.ids else None
    async with works.begin(caller.actor, origin=origin) as uow:
        await record(
            uow,
            "access.refuse",
            outcome=Outcome.REFUSED,
            patient_id=ids.get("patient_id"),
            subject=(name.removesuffix("_id"), ids[name]) if name else None,
            detail={
                "error": error.code,
                "route": attempt.route,
                **{key: str(value) for key, value in ids.items()},
            },
        )
