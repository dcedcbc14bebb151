"""The profile: one account's mapping and policies, and how it is written as settings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from contrapost.mapping.rule_text import PREFIX, read_rules
from contrapost.refunds.finding import Finding, error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from contrapost.mapping.rules import Rule


class RestockPolicy(StrEnum):
    """Whether goods that came back go back to stock on the refund itself."""

    AS_STORE = "as_store"
    NEVER = "never"


class PeriodPolicy(StrEnum):
    """What to do with a refund whose period is closed or locked for A/R."""

    NEXT_OPEN = "next_open"
    HOLD = "hold"


_COLUMN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
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
    period: PeriodPolicy = PeriodPolicy.NEXT_OPEN
    rounding_tolerance: Decimal = Decimal("0.05")
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
        help="as_store: goods that the store says came back go to stock on the refund. never: they do not.",
        default="as_store",
    ),
    ProfileSetting(
        name="period",
        help="For a refund in a closed or locked period. next_open: book on the first day of the next open one. "
        "hold: wait.",
        default="next_open",
    ),
    ProfileSetting(
        name="rounding_tolerance",
        help="The most that may be booked on the rounding item for one refund, in the bill's currency.",
        default="0.05",
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


_SINGLE: Final[tuple[tuple[str, str, Callable[[str], object], str], ...]] = (
    ("order.field", "order_field", _order_field, f"one of {', '.join(ORDER_FIELDS)}, or a name like custbody_order"),
    ("order.pattern", "order_pattern", _order_pattern, "text with {order_name}, {order_number} or {order_id}"),
    ("restock", "restock", RestockPolicy, " or ".join(RestockPolicy)),
    ("period", "period", PeriodPolicy, " or ".join(PeriodPolicy)),
    ("rounding_tolerance", "rounding_tolerance", _tolerance, "an amount such as 0.05"),
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
