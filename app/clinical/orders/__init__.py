"""What is to be done for a patient: laboratory, imaging, procedures, referrals."""

from app.clinical.orders.drafting import add_items, describe_item, draft_order
from app.clinical.orders.errors import (
    MayNotOrder,
    NothingToCollect,
    OrderChanged,
    OrderedBefore,
    OrderEmpty,
    OrderItemNotFound,
    OrderNotFound,
    OrderOfAnother,
    OrderPlacedAlready,
    OrdersNotForYourRole,
    OrderUnfit,
)
from app.clinical.orders.events import OrderItemMoved, OrderPlaced, SpecimenCollected
from app.clinical.orders.lifecycle import ORDER_ITEM, OrderItemStatus
from app.clinical.orders.models import Order, Orderable, OrderItem, OrderItemMove
from app.clinical.orders.moving import (
    collect_specimen,
    complete_item,
    enter_item_in_error,
    hold_item,
    resume_item,
    revoke_item,
)
from app.clinical.orders.placing import place_order
from app.clinical.orders.queries import (
    describe_order,
    list_orders,
    open_items,
    read_item,
    read_order,
)
from app.clinical.orders.schemas import (
    ItemDetails,
    NewOrder,
    NewOrderItem,
    OrderItemOut,
    OrderKind,
    OrderOut,
    OrderPriority,
    WholeOrder,
)

__all__ = [
    "ORDER_ITEM",
    "ItemDetails",
    "MayNotOrder",
    "NewOrder",
    "NewOrderItem",
    "NothingToCollect",
    "Order",
    "OrderChanged",
    "OrderEmpty",
    "OrderItem",
    "OrderItemMove",
    "OrderItemMoved",
    "OrderItemNotFound",
    "OrderItemOut",
    "OrderItemStatus",
    "OrderKind",
    "OrderNotFound",
    "OrderOfAnother",
    "OrderOut",
    "OrderPlaced",
    "OrderPlacedAlready",
    "OrderPriority",
    "OrderUnfit",
    "Orderable",
    "OrderedBefore",
    "OrdersNotForYourRole",
    "SpecimenCollected",
    "WholeOrder",
    "add_items",
    "collect_specimen",
    "complete_item",
    "describe_item",
    "describe_order",
    "draft_order",
    "enter_item_in_error",
    "hold_item",
    "list_orders",
    "open_items",
    "place_order",
    "read_item",
    "read_order",
    "resume_item",
    "revoke_item",
]
