"""One recorded refund, what of an order bills it, and what the product makes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from builders import bill, credit_of, lists, planned, profile, sold

from contrapost.mapping.record_choice import NotNeeded
from contrapost.netsuite.bill import BillKind, Cost, Waiting
from contrapost.netsuite.drafts import Plan
from contrapost.netsuite.lists import Item, Lists, Period
from contrapost.refunds.finding import Finding, blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from contrapost.mapping.plan import Mapped
    from contrapost.mapping.profile import Profile
    from contrapost.netsuite.bill import Bill, BillLine
    from contrapost.refunds.document import Refund
    from contrapost.refunds.money import Money


@dataclass(frozen=True, kw_only=True)
class Recording:
    """A refund as it was recorded, and read."""

    cart: str
    version: str
    order: str
    """As a person calls it."""
    refund_id: str
    refund: Refund | None
    findings: tuple[Finding, ...]
    bill: Bill | None
    """As an order sync would have billed the order; none where the order was not recorded."""
    fragment: bool = False
    """Parts of the refund were not recorded."""

    @property
    def source(self) -> str:
        """Cart and version, as the page names them."""
        return f"{self.cart} {self.version}"

    @property
    def key(self) -> str:
        """Names it and no other."""
        return f"{self.source} {self.order} {self.refund_id}"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a recorded refund."""

    recording: Recording
    kind: str
    """`ready`, `held`, `waiting` or `not needed`."""
    code: str = ""
    message: str = ""
    plan: Plan | None = None


GATEWAYS = ("bacs", "checkmo", "pp_system_default", "standard-payment", "bogus", "walmart", "gateway")


def plain() -> Profile:
    """The profile of a plain account: every gateway and item is named, and all else is as it comes."""
    named = profile()
    extra = {"shipping": "SHIP", "fee": "FEE", "tip": "TIP", "duty": "DUTY"}
    return replace(named, cash_accounts=dict.fromkeys(GATEWAYS, "1090"), items={**named.items, **extra})


def known(days: Iterable[date]) -> Lists:
    """The lists of the account, with an open period for the month of each of these days."""
    months = sorted({day.replace(day=1) for day in days})
    fee = Item(id="FEE", name="FEE", type="OthCharge", income_account="4000")
    made = lists()
    return replace(made, items=(*made.items, fee), periods=tuple(_month(first) for first in months))


def _month(first: date) -> Period:
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    last = date.fromordinal(following.toordinal() - 1)
    return Period(id=f"{first:%Y%m}", name=f"{first:%b %Y}", start=first, end=last, closed=False)


def goods(sku: str, quantity: int, amount: Money, tax: Money) -> BillLine:
    """Bills stocked goods that were shipped from their stock."""
    made = sold(sku, quantity, amount, tax=tax, currency=amount.currency)
    cost = Cost(unit=Decimal(1), asset_account="1200", expense_account="5000")
    return replace(made, item_type="InvtPart", cost=cost)


def billed(order: str, *lines: BillLine, currency: str, paid_by_invoice: bool = False) -> Bill:
    """Makes the bill of a paid order: a cash sale, or a paid invoice."""
    kind = BillKind.INVOICE if paid_by_invoice else BillKind.CASH_SALE
    rate = "1" if currency == "USD" else "1.1"
    return bill(*lines, kind=kind, id=order, currency=currency, rate=rate)


def outcomes(recordings: Iterable[Recording]) -> Iterator[Outcome]:
    """Maps every refund in turn; what an earlier one credited of the same bill is no longer there for the next."""
    standing: dict[str, Bill] = {}
    for one in recordings:
        if one.refund is None:
            found = next(finding for finding in one.findings if blocks((finding,)))
            yield Outcome(recording=one, kind="held", code=found.code, message=found.message)
            continue
        shop = f"{one.source} {one.order}"
        bills = [standing.get(shop, one.bill)] if one.bill else []
        made = planned(one.refund, *bills, by=plain(), known=known([one.refund.refunded_on]))
        yield _outcome(one, made)
        if isinstance(made, Plan) and made.drafts and bills:
            standing[shop] = _after(bills[0], made)


def _after(before: Bill, made: Plan) -> Bill:
    credit = credit_of(made.drafts[0], before)
    return replace(before, credits=(*before.credits, credit))


def _outcome(one: Recording, made: Mapped) -> Outcome:
    if isinstance(made, Waiting):
        return Outcome(recording=one, kind="waiting", code=made.code, message=made.message)
    if isinstance(made, NotNeeded):
        return Outcome(recording=one, kind="not needed", code=made.code, message=made.message)
    wrong = next((finding for finding in made.findings if blocks((finding,))), None)
    if wrong:
        return Outcome(recording=one, kind="held", code=wrong.code, message=wrong.message)
    return Outcome(recording=one, kind="ready", plan=made)
