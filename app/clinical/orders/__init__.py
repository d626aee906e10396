"""What is to be done for a patient: laboratory, imaging, procedures, referrals."""

from app.clinical.orders.lifecycle import ORDER_ITEM, OrderItemStatus
from app.clinical.orders.models import Order, Orderable, OrderItem, OrderItemMove
from app.clinical.orders.schemas import OrderKind, OrderPriority

__all__ = [
    "ORDER_ITEM",
    "Order",
    "OrderItem",
    "OrderItemMove",
    "OrderItemStatus",
    "OrderKind",
    "OrderPriority",
    "Orderable",
]
