"""A patient's orders: what is waited for, what is being ordered, and a requisition on paper."""

from uuid import UUID

from fastapi import Response
from fastapi.responses import RedirectResponse

from app import patients
from app.clinical import orders
from app.infra.http.access import allow
from app.infra.http.deps import Paging, Uow
from app.infra.http.routing import page_router
from app.kernel.actors import Role
from app.web.banners import banner_of
from app.web.framing import PageFrame
from app.web.presenters import order_papers as papers
from app.web.presenters import orders as present
from app.web.rendering import render

router = page_router()
CLINICIANS = [allow(Role.DOCTOR, Role.NURSE)]


@router.get("/patients/{patient_id}/orders", dependencies=CLINICIANS)
async def show_orders(
    patient_id: UUID, uow: Uow, frame: PageFrame, page: Paging, note: UUID | None = None
) -> Response:
    """Looking begins no draft. `note`: where somebody comes from, and goes back to."""
    patient = await patients.get_patient(uow, patient_id)
    view = present.orders_page(
        await orders.board_of(uow, patient.id, page),
        banner=await banner_of(uow, patient),
        sets=await orders.list_sets(uow),
        is_doctor=uow.actor.has_any(Role.DOCTOR),
        now=uow.now,
        first_page=page.cursor is None,
        note_id=note,
    )
    return render("orders/orders.html", view, frame)


@router.get("/orders/{order_id}", dependencies=CLINICIANS)
async def find_order(order_id: UUID, uow: Uow) -> Response:
    """Where a task leads: to the order among the others of its patient."""
    order = await orders.read_order(uow, order_id)
    address = present.address(order.patient_id)
    return RedirectResponse(f"{address}#order-{order.id}", status_code=303)


@router.get("/orders/{order_id}/history", dependencies=CLINICIANS)
async def show_history(order_id: UUID, uow: Uow, frame: PageFrame) -> Response:
    """Everything that happened to what was ordered."""
    order = await orders.read_order(uow, order_id)
    patient = await patients.get_patient(uow, order.patient_id)
    view = papers.history_page(order, banner=await banner_of(uow, patient))
    return render("orders/history.html", view, frame)


@router.get("/orders/{order_id}/print", dependencies=CLINICIANS)
async def print_requisition(order_id: UUID, uow: Uow, frame: PageFrame) -> Response:
    """For the laboratory, the radiology, or whoever is to see the patient."""
    order = await orders.read_order(uow, order_id)
    patient = await patients.get_patient(uow, order.patient_id)
    keys = {item.orderable_key for item in order.items if item.orderable_key}
    view = papers.requisition(
        order,
        banner=await banner_of(uow, patient),
        phone=patient.phone,
        known=await orders.known_orderables(uow, keys),
    )
    return render("orders/print.html", view, frame)
