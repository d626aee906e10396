"""Who may order, and who may see and carry out what was ordered."""

from app.clinical.orders.errors import MayNotOrder, OrderOfAnother, OrdersNotForYourRole
from app.clinical.orders.models import Order
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role

CLINICIANS = (Role.DOCTOR, Role.NURSE)


def require_reader(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(*CLINICIANS, Role.SYSTEM):
        raise OrdersNotForYourRole


def require_doer(uow: UnitOfWork) -> None:
    """Taking specimens, saying that it is done; the system's own parts bring results."""
    if not uow.actor.has_any(*CLINICIANS, Role.SYSTEM):
        raise OrdersNotForYourRole


def require_doctor(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(Role.DOCTOR):
        raise MayNotOrder


def require_own_draft(uow: UnitOfWork, order: Order) -> None:
    require_doctor(uow)
    if order.orderer_id != uow.actor.id:
        raise OrderOfAnother(order_id=order.id)
