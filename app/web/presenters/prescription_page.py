"""One prescription: drafted with its checks beside it, issued, printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any
from uuid import UUID

from app.clinical.formulary import Outcome
from app.clinical.prescriptions import (
    FavouriteOut,
    ItemContent,
    ItemOut,
    ItemStatus,
    PrescriptionOut,
    Sig,
)
from app.web.presenters.formats import Moment, State, counted, day_and_time, moment
from app.web.presenters.patients import Choice, PatientBanner
from app.web.presenters.prescription_words import (
    STATES,
    CheckView,
    FindingRow,
    amount_line,
    check_view,
    check_words,
    meals,
    missing_words,
    often,
    overrides_of,
    periods,
    routes,
    title_of,
    units,
    weekdays,
    whens,
)

ANSWERABLE = {ItemStatus.DRAFT, ItemStatus.ACTIVE, ItemStatus.ON_HOLD}
BLANK = ItemContent(name="A medicine")


@dataclass(frozen=True, slots=True)
class ItemCard:
    id: UUID
    number: int
    title: str
    sig: str
    detail: str
    missing: str
    state: State
    why: str
    renews: bool
    continues: str
    check: CheckView
    overrides: tuple[FindingRow, ...]
    change_href: str
    is_draft: bool
    may_answer: bool


@dataclass(frozen=True, slots=True)
class ItemForm:
    """The form for one medicine; `item_id` None: a new one."""

    action: str
    method: str
    version: int
    item_id: UUID | None
    heading: str
    submit: str
    content: ItemContent
    name: str
    amount: str
    quantity: str
    sig_text: str
    units: tuple[Choice, ...]
    routes: tuple[Choice, ...]
    often: tuple[tuple[Choice, bool], ...]
    whens: tuple[Choice, ...]
    weekdays: tuple[Choice, ...]
    meals: tuple[Choice, ...]
    periods: tuple[Choice, ...]
    data: Mapping[str, Any]
    back: str | None


@dataclass(frozen=True, slots=True)
class PrescriptionPage:
    id: UUID
    href: str
    back: str
    banner: PatientBanner
    title: str
    state: State
    version: int
    by: str
    issued: Moment | None
    items: tuple[ItemCard, ...]
    removed: tuple[ItemCard, ...]
    may_change: bool
    may_renew: bool
    form: ItemForm | None
    unanswered: int
    unknown_ids: tuple[str, ...]
    unknown_text: str
    incomplete: str
    note_href: str | None
    sha256: str


def address(prescription_id: UUID) -> str:
    return f"/prescriptions/{prescription_id}"


def prescription_page(
    one: PrescriptionOut,
    *,
    banner: PatientBanner,
    may_change: bool,
    is_doctor: bool,
    favourites: Sequence[FavouriteOut],
    zone: tzinfo,
    changing: UUID | None = None,
    prefilled: ItemContent | None = None,
) -> PrescriptionPage:
    """`changing`: the medicine of a draft whose form is open; without it, that of a new one."""
    drafted = [item for item in one.items if item.status is ItemStatus.DRAFT]
    shown = [item for item in one.items if one.issued_at or item.status is ItemStatus.DRAFT]
    unknown = waiting(drafted, Outcome.NOT_CHECKED)
    open_item = next((item for item in drafted if item.id == changing), None)
    form = None
    if may_change:
        form = item_form(one, open_item, favourites=favourites, prefilled=prefilled)
    return PrescriptionPage(
        id=one.id,
        href=address(one.id),
        back=f"/patients/{one.patient_id}/medication",
        banner=banner,
        title="Prescription" if one.issued_at else "Draft of a prescription",
        state=State("ok", "issued") if one.issued_at else State("draft", "draft"),
        version=one.version,
        by=one.prescriber.name,
        issued=moment(one.issued_at) if one.issued_at else None,
        items=tuple(card(item, one, zone, is_doctor=is_doctor) for item in shown),
        removed=tuple(
            card(item, one, zone, is_doctor=False) for item in one.items if item not in shown
        ),
        may_change=may_change,
        may_renew=is_doctor and one.issued_at is not None,
        form=form,
        unanswered=len(waiting(drafted, Outcome.WARNING)),
        unknown_ids=tuple(str(each) for each in unknown),
        unknown_text=f"I know that {counted(len(unknown), 'check')} could not be made",
        incomplete="; ".join(
            f"{item.name}: {missing_words(item.missing)}" for item in drafted if item.missing
        ),
        note_href=f"/notes/{one.note_id}" if one.note_id else None,
        sha256=one.content_sha256 or "",
    )


def waiting(items: Sequence[ItemOut], outcome: Outcome) -> list[UUID]:
    return [
        finding.id
        for item in items
        for finding in (item.check.findings if item.check else ())
        if finding.outcome is outcome and finding.answer is None
    ]


def card(item: ItemOut, one: PrescriptionOut, zone: tzinfo, *, is_doctor: bool) -> ItemCard:
    return ItemCard(
        id=item.id,
        number=item.position,
        title=title_of(item),
        sig=item.sig_text,
        detail=" · ".join(filter(None, (amount_line(item), item.reason))),
        missing=missing_words(item.missing) if item.status is ItemStatus.DRAFT else "",
        state=STATES[item.status],
        why=item.status_reason or "",
        renews=item.renews_id is not None,
        continues=item.continues or "",
        check=check_view(item.check, zone),
        overrides=overrides_of(item, zone),
        change_href=f"{address(one.id)}?item={item.id}#medicine",
        is_draft=item.status is ItemStatus.DRAFT,
        may_answer=is_doctor and item.status in ANSWERABLE,
    )


def item_form(
    one: PrescriptionOut,
    item: ItemOut | None,
    *,
    favourites: Sequence[FavouriteOut],
    prefilled: ItemContent | None,
) -> ItemForm:
    at = f"/api/v1/prescriptions/{one.id}/items"
    content = prefilled or BLANK
    if item is not None:
        content = ItemContent(**{name: getattr(item, name) for name in ItemContent.model_fields})
    sig: Sig = content.sig
    return ItemForm(
        action=f"{at}/{item.id}" if item else at,
        method="PUT" if item else "POST",
        version=one.version,
        item_id=item.id if item else None,
        heading=f"Change medicine {item.position}" if item else "Put a medicine on it",
        submit="Save this medicine" if item else "Put it on the prescription",
        content=content,
        name="" if content is BLANK else content.name,
        amount=f"{sig.amount:f}" if sig.amount is not None else "",
        quantity=f"{content.quantity:f}" if content.quantity is not None else "",
        sig_text=item.sig_text if item else "",
        units=units(),
        routes=routes(),
        often=often(sig),
        whens=whens(),
        weekdays=weekdays(),
        meals=meals(),
        periods=periods(),
        data={
            "patient_id": str(one.patient_id),
            "prescription_id": str(one.id),
            "item_id": str(item.id) if item else None,
            "words": check_words(),
            "favourites": [favourite.model_dump(mode="json") for favourite in favourites],
        },
        back=address(one.id) if item else None,
    )


@dataclass(frozen=True, slots=True)
class PrintedItem:
    number: int
    title: str
    sig: str
    amount: str
    reason: str
    struck: str


@dataclass(frozen=True, slots=True)
class PrintedPrescription:
    banner: PatientBanner
    back: str
    notice: str
    items: tuple[PrintedItem, ...]
    by: str
    at: str
    sha256: str


def printed(one: PrescriptionOut, *, banner: PatientBanner) -> PrintedPrescription:
    """What is handed out. A draft says that it is none; what ended since is struck through."""
    gone = {ItemStatus.STOPPED, ItemStatus.CANCELLED, ItemStatus.ENTERED_IN_ERROR}
    return PrintedPrescription(
        banner=banner,
        back=address(one.id),
        notice="" if one.issued_at else "A draft that nobody has signed: not a prescription.",
        items=tuple(
            PrintedItem(
                number=item.position,
                title=title_of(item),
                sig=item.sig_text,
                amount=amount_line(item),
                reason=item.reason or "",
                struck=STATES[item.status].label if item.status in gone else "",
            )
            for item in one.items
            if one.issued_at or item.status is ItemStatus.DRAFT
        ),
        by=one.prescriber.name,
        at=f"{day_and_time(one.issued_at)} UTC" if one.issued_at else "",
        sha256=one.content_sha256 or "",
    )
