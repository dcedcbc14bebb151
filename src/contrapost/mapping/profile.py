"""The profile: one account's mapping and policies, and how it is written as settings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from contrapost.mapping.policies import (
    AmountTaxPolicy,
    ChargebackPolicy,
    DatePolicy,
    ExchangePolicy,
    FeePolicy,
    GoodsPolicy,
    LegacyTaxPolicy,
    OrderLinePolicy,
    PeriodPolicy,
    RatePolicy,
    RestockPolicy,
    UnknownOrderPolicy,
    UnpaidInvoicePolicy,
)
from contrapost.mapping.rule_text import PREFIX, read_rules
from contrapost.refunds.finding import Finding, error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from enum import StrEnum

    from contrapost.mapping.rules import Rule


_EXTERNAL: Final = re.compile(r"eid:[A-Za-z0-9_-]+")
_COLUMN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_MOST_DAYS: Final = 366
ORDER_FIELDS: Final = ("otherrefnum", "externalid", "tranid", "memo")
"""The columns an order may be found by, beside custom body fields (`custbody_…`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How one account's refunds are booked. The defaults work for a plain store once the accounts are named."""

    order_field: str = "otherrefnum"
    order_pattern: str = "{order_name}"
    order_filter: Mapping[str, str] = field(default_factory=dict)
    cash_accounts: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    skus: Mapping[str, str] = field(default_factory=dict)
    locations: Mapping[str, str] = field(default_factory=dict)
    restock: RestockPolicy = RestockPolicy.AS_STORE
    goods: GoodsPolicy = GoodsPolicy.REFUND
    period: PeriodPolicy = PeriodPolicy.NEXT_OPEN
    date: DatePolicy = DatePolicy.REFUND
    order_lines: OrderLinePolicy = OrderLinePolicy.TELL
    exchanges: ExchangePolicy = ExchangePolicy.ORDER_SYNC
    fees: FeePolicy = FeePolicy.SETTLEMENT
    rate: RatePolicy = RatePolicy.DAY
    amount_tax: AmountTaxPolicy = AmountTaxPolicy.AUTO
    legacy_tax: LegacyTaxPolicy = LegacyTaxPolicy.NETSUITE
    chargebacks: ChargebackPolicy = ChargebackPolicy.HOLD
    unpaid_invoices: UnpaidInvoicePolicy = UnpaidInvoicePolicy.REFUND
    unknown_orders: UnknownOrderPolicy = UnknownOrderPolicy.WAIT
    unknown_customer: str = ""
    """Internal id, or `eid:` and an external one, of the customer that refunds of unknown orders are booked to."""
    unknown_subsidiary: str = ""
    unknown_location: str = ""
    receivable_account: str = ""
    """The A/R account of refunds that no invoice names one for; empty where the chart has only one."""
    exchange_account: str = ""
    """NetSuite's own account for realized gain and loss, for previews."""
    rounding_tolerance: Decimal = Decimal("0.05")
    rounding_cap: Decimal = Decimal(5)
    goodwill: Decimal = Decimal(0)
    """The most a refund may give above what its bill still holds."""
    wait_days: int = 14
    """After so many days of waiting, a refund needs attention."""
    rules: tuple[Rule, ...] = ()

    def cash_account(self, gateway: str, currency: str, subsidiary: str) -> str | None:
        """Gives the account a gateway's money left from: the narrowest entry that fits, or None.

        Entries are named `gateway`, `gateway/CUR` or `gateway/CUR/subsidiary id`.
        """
        names = (f"{gateway}/{currency}/{subsidiary}", f"{gateway}/{currency}", gateway)
        entries = {name.casefold(): account for name, account in self.cash_accounts.items()}
        return next((entries[name.casefold()] for name in names if name.casefold() in entries), None)


ITEM_ROLES: Final = {
    "extra_given": "books what the customer got above the lines (an amount-only refund)",
    "kept": "books what was kept of a refund (a return fee)",
    "rounding": "books a cent that store and NetSuite round differently",
    "shipping": "is the item shipping is billed with, where bills carry it as a line",
    "duty": "books duties given back",
    "tip": "books tips given back",
    "fee": "books other fees given back",
    "gift_card": "stands for the liability of gift cards",
    "store_credit": "stands for the liability of store credit",
    "no_restock": "takes the place of an item whose stock must not move",
    "tax": "books tax given back without an amount it belongs to (untaxed, on the account of tax)",
    "store_fee": "books a marketplace's fees, where they are booked on the refund",
    "facilitator_tax": "is the item bills carry a marketplace's own tax with, below zero",
}
"""The items a profile may name, and what each does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileSetting:
    """One setting of a profile, as `--set` and the documentation name it."""

    name: str
    """A name that ends in `*` stands for a family: `cash_account.shopify_payments`."""
    help: str
    default: str = ""


SETTINGS: Final = (
    ProfileSetting(
        name="order.field",
        help="The NetSuite field that holds the order's name: otherrefnum (PO#), externalid, tranid, memo, or a "
        "custom body field.",
        default="otherrefnum",
    ),
    ProfileSetting(
        name="order.pattern",
        help="What stands in that field: text with {order_name}, {order_number} (the name without #) or {order_id}.",
        default="{order_name}",
    ),
    ProfileSetting(
        name="order.filter.*",
        help="Only orders with this value in a further field, such as order.filter.subsidiary=2.",
    ),
    ProfileSetting(
        name="cash_account.*",
        help="The account a gateway's money leaves from, by number, name or id:123. One per gateway, or "
        "gateway/CUR, or gateway/CUR/subsidiary id. There is no default: an unnamed gateway is held.",
    ),
    *(
        ProfileSetting(name=f"item.{role}", help=f"The item that {does}, by name or id:123.")
        for role, does in ITEM_ROLES.items()
    ),
    ProfileSetting(name="sku.*", help="The item of a SKU whose name differs in NetSuite: sku.OLD-MUG=MUG."),
    ProfileSetting(
        name="location.*", help="The NetSuite location of a location of the store, by name or id:123: location.West=2."
    ),
    ProfileSetting(
        name="restock",
        help="as_store: goods that the store says came back go to stock on the refund. return_authorization: they are "
        "received on a return authorization, and the refund is made from that. never: they do not.",
        default="as_store",
    ),
    ProfileSetting(
        name="goods",
        help="For goods that are still on their way back. refund: refund now, and leave stock alone. wait: wait for "
        "them. in_advance: make the return authorization and refund now (NetSuite's preference Refund in Advance of "
        "Return); the receipt is made in NetSuite.",
        default="refund",
    ),
    ProfileSetting(
        name="period",
        help="For a refund in a closed or locked period. next_open: book on the first day of the next open one. "
        "hold: wait. ask: hold it for a person.",
        default="next_open",
    ),
    ProfileSetting(
        name="date",
        help="refund: book on the day of the refund in the shop's zone. posting: on the day it is posted.",
        default="refund",
    ),
    ProfileSetting(
        name="order_lines",
        help="For units canceled before they were billed. tell: say that the sales order's line is still open. "
        "close: close it.",
        default="tell",
    ),
    ProfileSetting(
        name="exchanges",
        help="order_sync: the goods that go out are billed by the order's own integration, and the refund waits for "
        "that. hold: every exchange is held for a person.",
        default="order_sync",
    ),
    ProfileSetting(
        name="fees",
        help="A marketplace's fees. settlement: they are booked with the settlement. refund: on the refund.",
        default="settlement",
    ),
    ProfileSetting(
        name="rate",
        help="The rate of a customer refund in a foreign currency. day: the day's. bill: that of the invoice.",
        default="day",
    ),
    ProfileSetting(
        name="amount_tax",
        help="Tax of an amount refunded without lines. auto: pro rata of the bill's tax where the store's prices "
        "include tax, else none. pro_rata, none: always.",
        default="auto",
    ),
    ProfileSetting(
        name="legacy_tax",
        help="Where the account has legacy tax. netsuite: it reckons the tax of each line by its code. store: the "
        "store's amount is sent with the line.",
        default="netsuite",
    ),
    ProfileSetting(
        name="chargebacks",
        help="Money that a customer's bank took back. hold: held for a person. as_refund: booked like a refund.",
        default="hold",
    ),
    ProfileSetting(
        name="unpaid_invoices",
        help="A paid refund of an invoice that is still open in NetSuite. refund: pay it out, and leave the invoice "
        "open for its payment. wait: until the payment is in NetSuite.",
        default="refund",
    ),
    ProfileSetting(
        name="unknown_orders",
        help="For orders that NetSuite never had. wait: until it has. stand_alone: book a cash refund of its own to "
        "unknown.customer.",
        default="wait",
    ),
    ProfileSetting(
        name="unknown.customer",
        help="The customer that refunds of unknown orders are booked to: internal id, or eid: and an external one.",
    ),
    ProfileSetting(name="unknown.subsidiary", help="The subsidiary of such refunds, by internal id."),
    ProfileSetting(name="unknown.location", help="The location of such refunds, by name or id:123."),
    ProfileSetting(
        name="receivable_account",
        help="The A/R account for paying customer deposits back, by number, name or id:123; needed where the chart "
        "has several.",
    ),
    ProfileSetting(
        name="exchange_account",
        help="The account of realized exchange gains and losses, by number, name or id:123, so that previews can "
        "name NetSuite's own entry; needed where its name is not Realized Gain/Loss.",
    ),
    ProfileSetting(
        name="rounding_tolerance",
        help="The most that may be booked on the rounding item for one refund, in the bill's currency.",
        default="0.05",
    ),
    ProfileSetting(
        name="rounding_cap",
        help="The most that may be booked on the rounding item for this account in one month.",
        default="5.00",
    ),
    ProfileSetting(
        name="goodwill",
        help="The most a refund may give above what its bill still holds; more is held until a person accepts it.",
        default="0.00",
    ),
    ProfileSetting(
        name="wait_days",
        help="After so many days of waiting (for its bill, say), a refund needs attention. It goes on being looked at.",
        default="14",
    ),
    ProfileSetting(
        name="field.*",
        help="What stands in a further field of a record, by a rule: field.cashRefund.custbody_channel=fixed Web shop, "
        "field.creditMemo.item.custcol_reason=copy line.restock.",
    ),
)
"""Every setting of a profile."""


def is_profile_setting(name: str) -> bool:
    """Says whether a setting belongs to the profile (and not to the connector)."""
    return any(name == known.name or _in_family(name, known.name) for known in SETTINGS)


def read_profile(values: Mapping[str, str]) -> tuple[Profile, tuple[Finding, ...]]:
    """Reads a profile from settings; what cannot be read is a finding, and the default stands in its place."""
    findings: list[Finding] = [_unknown(name) for name in values if not is_profile_setting(name) and name.strip()]
    findings += [_odd(f"order.filter.{column}", column, "the name of a field, such as subsidiary")
                 for column in _family(values, "order.filter.") if not _COLUMN.fullmatch(column)]  # fmt: skip
    given = {
        "order_filter": _family(values, "order.filter."),
        "cash_accounts": _family(values, "cash_account."),
        "items": _family(values, "item."),
        "skus": _family(values, "sku."),
        "locations": _family(values, "location."),
    }
    rules, odd_rules = read_rules(_family(values, PREFIX))
    findings += odd_rules
    read: dict[str, object] = {**given, "rules": rules}
    for name, attribute, convert, expected in _SINGLE:
        if name not in values:
            continue
        try:
            read[attribute] = convert(values[name])
        except (ValueError, InvalidOperation):
            findings.append(_odd(name, values[name], expected))
    known = {entry.name for entry in fields(Profile)}
    return Profile(**{name: value for name, value in read.items() if name in known}), tuple(findings)  # type: ignore[arg-type]


def _order_field(text: str) -> str:
    name = text.strip().lower()
    if name not in ORDER_FIELDS and not (name.startswith("custbody") and name.replace("_", "").isalnum()):
        raise ValueError(text)
    return name


def _order_pattern(text: str) -> str:
    try:
        filled = text.format(order_name="", order_number="", order_id="")
    except (KeyError, IndexError):
        raise ValueError(text) from None
    if filled == text:
        raise ValueError(text)
    return text


def _tolerance(text: str) -> Decimal:
    amount = Decimal(text)
    if not amount.is_finite() or amount < 0:
        raise ValueError(text)
    return amount


def _days(text: str) -> int:
    days = int(text)
    if not 1 <= days <= _MOST_DAYS:
        raise ValueError(text)
    return days


def _internal_id(text: str) -> str:
    plain = text.strip().removeprefix("id:")
    if not plain.isdigit():
        raise ValueError(text)
    return plain


def _customer(text: str) -> str:
    plain = text.strip()
    return plain if _EXTERNAL.fullmatch(plain) else _internal_id(plain)


POLICIES: Final[dict[str, type[StrEnum]]] = {
    "restock": RestockPolicy,
    "goods": GoodsPolicy,
    "period": PeriodPolicy,
    "date": DatePolicy,
    "order_lines": OrderLinePolicy,
    "exchanges": ExchangePolicy,
    "fees": FeePolicy,
    "rate": RatePolicy,
    "amount_tax": AmountTaxPolicy,
    "legacy_tax": LegacyTaxPolicy,
    "chargebacks": ChargebackPolicy,
    "unpaid_invoices": UnpaidInvoicePolicy,
    "unknown_orders": UnknownOrderPolicy,
}
"""The policies by the names of their settings."""
_SINGLE: Final[tuple[tuple[str, str, Callable[[str], object], str], ...]] = (
    ("order.field", "order_field", _order_field, f"one of {', '.join(ORDER_FIELDS)}, or a name like custbody_order"),
    ("order.pattern", "order_pattern", _order_pattern, "text with {order_name}, {order_number} or {order_id}"),
    *((name, name, policy, " or ".join(policy)) for name, policy in POLICIES.items()),
    ("unknown.customer", "unknown_customer", _customer, "an internal id such as 1234, or eid: and an external id"),
    ("unknown.subsidiary", "unknown_subsidiary", _internal_id, "an internal id such as 2"),
    ("unknown.location", "unknown_location", str.strip, "a location's name, or id:123"),
    ("receivable_account", "receivable_account", str.strip, "an account's number or name, or id:123"),
    ("exchange_account", "exchange_account", str.strip, "an account's number or name, or id:123"),
    ("rounding_tolerance", "rounding_tolerance", _tolerance, "an amount such as 0.05"),
    ("rounding_cap", "rounding_cap", _tolerance, "an amount such as 5.00"),
    ("goodwill", "goodwill", _tolerance, "an amount such as 0.00"),
    ("wait_days", "wait_days", _days, f"a number of days from 1 to {_MOST_DAYS}"),
)


def _family(values: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)}


def _in_family(name: str, known: str) -> bool:
    return known.endswith("*") and name.startswith(known[:-1]) and len(name) > len(known) - 1


def _unknown(name: str) -> Finding:
    known = ", ".join(setting.name for setting in SETTINGS)
    return error("setting_unknown", f"There is no setting {name!r}.", fix=f"The settings are: {known}.", where=name)


def _odd(name: str, value: str, expected: str) -> Finding:
    return error("setting_odd", f"The setting {name} cannot be {value!r}.", fix=f"Give {expected}.", where=name)
