"""Who may see whom: the one place. Care-team rules belong here when they come.

A restricted patient is there for the people named, for the privacy pool, and for whoever broke
the glass, as long as that lasts; for nobody else, whatever their role.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Uuid, and_, bindparam, case, false, text, true

from app.infra.uow import UnitOfWork
from app.kernel.actors import Actor, Role

STAFF = (Role.DOCTOR, Role.NURSE, Role.RECEPTIONIST, Role.ADMIN)
PRIVACY = UUID("00000000-0000-4000-8000-0000000000a6")  # a pool the migration made
RECORD = "coalesce(patients.merged_into, patients.id)"  # the one that counts is restricted


HIDING = """
    from patient_restrictions as hiding
    where hiding.lifted_at is null
    and not exists (select from restriction_exceptions as named
        where named.restriction_id = hiding.id and named.user_id = {who})
    and not exists (select from break_glass_grants as broken
        where broken.user_id = {who} and broken.patient_id = hiding.patient_id
        and broken.ended_at is null and broken.expires_at > {at})
    and not exists (select from pool_members as keeper
        where keeper.pool_id = '{privacy}' and keeper.user_id = {who})"""
ONE = "exists (select {hiding} and hiding.patient_id = {patient})"
MANY = "{patient} in (select hiding.patient_id {hiding})"


def hidden_in_sql(patient: str, who: str, at: str) -> str:
    """A condition: this patient (SQL that gives an id) is hidden from that person then."""
    return put_into(ONE, patient=patient, who=who, at=at)


def put_into(condition: str, **said: str) -> str:
    for name, words in {"hiding": HIDING, "privacy": str(PRIVACY), **said}.items():
        condition = condition.replace(f"{{{name}}}", words)
    return condition


HIDDEN = hidden_in_sql(RECORD, ":seer", ":seen_at")
NAMED: ColumnElement[bool] = and_(
    text(f"(not {HIDDEN})").bindparams(
        bindparam("seer", type_=Uuid), bindparam("seen_at", type_=DateTime(timezone=True))
    )
)


def visible_patients(uow: UnitOfWork) -> ColumnElement[bool]:
    """A filter for every statement that reads patients or joins them."""
    if not uow.actor.has_any(*STAFF):
        return visible_to_named(uow.actor)
    return and_(text(f"(not {HIDDEN})").bindparams(**seer(uow)))


def hidden_of_many(uow: UnitOfWork, patient: str) -> ColumnElement[bool]:
    """Of rows by the thousand, for staff: whether their patient (a column) is hidden.

    Who is hidden is looked up once for all of them, not once for each.
    """
    if uow.actor.has_any(Role.SYSTEM):
        return false()
    hidden = put_into(MANY, patient=patient, who=":seer", at=":seen_at")
    return case((text(hidden).bindparams(**seer(uow)), true()), else_=false())


def visible_to_named(actor: Actor) -> ColumnElement[bool]:
    """The same for statements prepared once, which are told `seer(uow)` when they are asked.

    The system's own parts act on records they were handed by somebody who could see them.
    """
    if actor.has_any(Role.SYSTEM):
        return true()
    return NAMED if actor.has_any(*STAFF) else false()


def hidden_from_named() -> ColumnElement[bool]:
    """Of a row with `Patient` joined, as a column: whether its patient is hidden from `seer(uow)`.

    What somebody may see is up to them; this only says whether a restriction stands before it.
    """
    return case((NAMED, false()), else_=true())


def seer(uow: UnitOfWork) -> dict[str, object]:
    return {"seer": uow.actor.id, "seen_at": uow.now}
