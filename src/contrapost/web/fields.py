"""Settings as fields of a form: how they are shown, and how what was typed is read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from contrapost.mapping.fields import mappable
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
from contrapost.mapping.profile import SETTINGS as PROFILE_SETTINGS
from contrapost.mapping.rule_text import FORMS
from contrapost.mapping.rule_text import PREFIX as RULES
from contrapost.mapping.sources import SOURCES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contrapost.netsuite.catalog import Catalog
    from contrapost.refunds.finding import Finding

PREFIX = "set:"
"""Before the name of a setting, in the names of inputs."""
NEW = "new:"
"""Before the name of a family, for an entry to be added to it."""
BLANKS = 2
"""Empty entries offered at the end of a family."""

CHOICES: Final[dict[str, dict[str, str]]] = {
    "restock": {
        RestockPolicy.AS_STORE: "Back to stock on the refund, where the store says so",
        RestockPolicy.RETURN_AUTHORIZATION: "By return authorization and item receipt",
        RestockPolicy.NEVER: "Never back to stock",
    },
    "goods": {
        GoodsPolicy.REFUND: "Refund now, and leave stock alone",
        GoodsPolicy.WAIT: "Wait until the goods are back",
        GoodsPolicy.IN_ADVANCE: "Authorize the return and refund now",
    },
    "period": {
        PeriodPolicy.NEXT_OPEN: "Book on the first day of the next open period",
        PeriodPolicy.HOLD: "Wait until the period is opened",
        PeriodPolicy.ASK: "Hold it for a person",
    },
    "date": {
        DatePolicy.REFUND: "The day of the refund in the shop's zone",
        DatePolicy.POSTING: "The day it is posted",
    },
    "order_lines": {
        OrderLinePolicy.TELL: "Say that the line is still open",
        OrderLinePolicy.CLOSE: "Close the line",
    },
    "exchanges": {
        ExchangePolicy.ORDER_SYNC: "Wait until what went out is billed",
        ExchangePolicy.HOLD: "Hold every exchange for a person",
    },
    "fees": {
        FeePolicy.SETTLEMENT: "With the marketplace's settlement",
        FeePolicy.REFUND: "On the refund",
    },
    "rate": {
        RatePolicy.DAY: "NetSuite's rate of the day",
        RatePolicy.BILL: "The rate of the invoice",
    },
    "amount_tax": {
        AmountTaxPolicy.AUTO: "Contained where the store's prices include tax",
        AmountTaxPolicy.PRO_RATA: "Always contained, pro rata of the bill's tax",
        AmountTaxPolicy.NONE: "Never contained",
    },
    "legacy_tax": {
        LegacyTaxPolicy.NETSUITE: "Reckoned by NetSuite",
        LegacyTaxPolicy.STORE: "The store's amount, sent with each line",
    },
    "chargebacks": {
        ChargebackPolicy.HOLD: "Hold them for a person",
        ChargebackPolicy.AS_REFUND: "Book them like refunds",
    },
    "unpaid_invoices": {
        UnpaidInvoicePolicy.REFUND: "Pay the refund out, and leave the invoice open",
        UnpaidInvoicePolicy.WAIT: "Wait until the payment is in NetSuite",
    },
    "unknown_orders": {
        UnknownOrderPolicy.WAIT: "Wait until NetSuite has the order",
        UnknownOrderPolicy.STAND_ALONE: "Book a cash refund by itself",
    },
    "money": {"shop": "The shop's own currency", "presentment": "The currency the customer paid in"},
}
"""What people choose from, by setting: each value with what it does."""
_LONG: Final = frozenset({"private_key", "certificate"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value a setting can have, and what it means."""

    value: str
    word: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One setting in a form."""

    input: str
    """The name of the input."""
    label: str
    name: str = ""
    """As the documentation and the command line name it."""
    help: str = ""
    value: str = ""
    default: str = ""
    secret: bool = False
    kept: bool = False
    """A secret that is saved; it is never shown."""
    required: bool = False
    long: bool = False
    choices: tuple[Choice, ...] = ()
    problem: str = ""
    """What is wrong with what was typed."""
    wanted: bool = False
    """The field a finding led to: the cursor goes there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """An empty entry of a family: its name and its value are both typed."""

    name_input: str
    value_input: str
    name: str = ""
    value: str = ""
    wanted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Settings of one family, such as the cash accounts by gateway."""

    prefix: str
    label: str
    help: str
    key: str
    """What an entry is named by."""
    value: str
    """What its value is."""
    entries: tuple[Field, ...]
    blanks: tuple[Blank, ...]
    suggested: tuple[Entry, ...] = ()
    """Names that an entry could have."""
    guide: tuple[Entry, ...] = ()
    """How values are written, where that takes more than a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a guide: what can be written, and what it means."""

    written: str
    means: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What a form sent."""

    values: Mapping[str, str] = field(default_factory=dict)
    """By the names of settings; a secret left empty is not among them: it stays as it is."""
    blanks: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    """By family: entries to be added, also those without a name."""

    def all(self) -> dict[str, str]:
        """Gives every setting, those of new entries too."""
        added = {
            f"{prefix}{name}": value for prefix, pairs in self.blanks.items() for name, value in pairs if name and value
        }
        return {**self.values, **added}


_RULE_GUIDE: Final = (
    *(Entry(written=form, means=f"{means[0].upper()}{means[1:]}.".replace("`", "")) for form, means in FORMS.items()),
    *(Entry(written=source.name, means=source.help.replace("`", "")) for source in SOURCES),
    Entry(written="fact.NAME", means="Another fact that the store tells of the order: fact.tags, fact.source_name."),
)
_FAMILIES: Final = {
    "cash_account.": ("Cash accounts", "Gateway", "in NetSuite"),
    "location.": ("Locations", "Location of the store", "in NetSuite"),
    "sku.": ("SKUs", "SKU of the store", "in NetSuite"),
    "order.filter.": ("Order filter", "Field", "in NetSuite"),
    RULES: ("Further fields", "Record and field", "Rule"),
}
_HELPS: Final = {
    "sku.": "For a SKU that NetSuite knows by another name: the store's SKU, and the item's name in NetSuite.",
    "location.": "The NetSuite location that stands for a location of the store, by name or id:123.",
    "order.filter.": "Only orders with this value in a further field, such as subsidiary and 2.",
    RULES: "What stands in a further field of a record or of its lines: cashRefund.custbody_channel, or "
    "creditMemo.item.custcol_reason, and a rule.",
}
"""Said for a form with two boxes, where the command line wants one word."""
LABELS: Final = {
    "order.field": "Order is found by",
    "order.pattern": "What stands there",
    "restock": "Goods that came back",
    "goods": "Goods on their way back",
    "period": "Closed periods",
    "date": "Day of booking",
    "order_lines": "Lines canceled before billing",
    "exchanges": "Exchanges",
    "fees": "Marketplace's fees",
    "rate": "Rate of a customer refund",
    "amount_tax": "Tax in amounts without lines",
    "legacy_tax": "Legacy tax",
    "chargebacks": "Chargebacks",
    "unpaid_invoices": "Invoices still open",
    "unknown_orders": "Orders NetSuite never had",
    "unknown.customer": "Their customer",
    "unknown.subsidiary": "Their subsidiary",
    "unknown.location": "Their location",
    "receivable_account": "A/R account for deposits",
    "exchange_account": "Exchange gains and losses",
    "rounding_tolerance": "Rounding tolerance",
    "rounding_cap": "Rounding a month",
    "goodwill": "Goodwill above the bill",
    "wait_days": "Days of waiting",
    "item.extra_given": "Extra given",
    "item.kept": "Kept",
    "item.rounding": "Rounding",
    "item.shipping": "Shipping",
    "item.duty": "Duties",
    "item.tip": "Tips",
    "item.fee": "Fees",
    "item.gift_card": "Gift cards",
    "item.store_credit": "Store credit",
    "item.no_restock": "Not restocked",
    "item.tax": "Tax alone",
    "item.store_fee": "Marketplace's fees",
    "item.facilitator_tax": "Marketplace's own tax",
}
"""What people read beside each setting of a profile."""


def read_typed(given: Mapping[str, str], secrets: frozenset[str]) -> Typed:
    """Reads a form; a secret that was left empty stays as it is."""
    values = {
        name.removeprefix(PREFIX): value.strip()
        for name, value in given.items()
        if name.startswith(PREFIX) and (value.strip() or name.removeprefix(PREFIX) not in secrets)
    }
    blanks: dict[str, list[tuple[str, str]]] = {}
    for prefix in _FAMILIES:
        for index in range(BLANKS):
            name = given.get(f"{NEW}{prefix}:{index}:name", "").strip()
            value = given.get(f"{NEW}{prefix}:{index}:value", "").strip()
            blanks.setdefault(prefix, []).append((name, value))
    return Typed(values=values, blanks=blanks)


def profile_fields(
    saved: Mapping[str, str], typed: Typed, findings: Sequence[Finding], wanted: str = ""
) -> tuple[Field, ...]:
    """Gives the settings of a profile that stand alone; items last, as a group of their own."""
    return tuple(
        field_of(
            one.name,
            LABELS.get(one.name, one.name),
            one.help,
            value=typed.values.get(one.name, str(saved.get(one.name, ""))),
            default=one.default,
            findings=findings,
            wanted=wanted,
        )
        for one in PROFILE_SETTINGS
        if not one.name.endswith("*")
    )


def profile_families(
    saved: Mapping[str, str], typed: Typed, findings: Sequence[Finding], wanted: str = "", *, catalog: Catalog
) -> tuple[Family, ...]:
    """Gives the families of a profile, each with the entries it has and some empty ones.

    What NetSuite said of its records names the fields that a rule could write to.
    """
    helps = {one.name.removesuffix("*"): one.help for one in PROFILE_SETTINGS if one.name.endswith("*")}
    return tuple(
        replace(
            _family(prefix, helps[prefix], saved, typed, findings, wanted),
            suggested=tuple(Entry(written=name, means=title) for name, title in mappable(catalog))
            if prefix == RULES
            else (),
        )
        for prefix in _FAMILIES
        if prefix in helps
    )


def field_of(  # noqa: PLR0913 - each is one thing a form shows of a setting
    name: str,
    label: str,
    help_: str,
    *,
    value: str = "",
    default: str = "",
    secret: bool = False,
    kept: bool = False,
    required: bool = False,
    findings: Sequence[Finding] = (),
    wanted: str = "",
) -> Field:
    """Gives one setting as a field."""
    return Field(
        input=f"{PREFIX}{name}",
        label=label,
        name=name,
        help=help_,
        value="" if secret else value,
        default=default,
        secret=secret,
        kept=kept,
        required=required,
        long=name in _LONG,
        choices=tuple(
            Choice(value=one, word=f"{word} ({one})", chosen=one == (value or default))
            for one, word in CHOICES.get(name, {}).items()
        ),
        problem=" ".join(f"{one.message} {one.fix}".strip() for one in findings if one.where == name),
        wanted=name == wanted,
    )


def _family(
    prefix: str,
    help_: str,
    saved: Mapping[str, str],
    typed: Typed,
    findings: Sequence[Finding],
    wanted: str,
) -> Family:
    label, key, value = _FAMILIES[prefix]
    names = [name for name in saved if name.startswith(prefix)]
    entries = tuple(
        field_of(
            name,
            name.removeprefix(prefix),
            "",
            value=typed.values.get(name, str(saved[name])),
            findings=findings,
            wanted=wanted,
        )
        for name in names
    )
    return Family(
        prefix=prefix,
        label=label,
        help=_HELPS.get(prefix, help_),
        key=key,
        value=value,
        entries=entries,
        blanks=_blanks(prefix, typed, wanted if wanted.startswith(prefix) and wanted not in names else ""),
        guide=_RULE_GUIDE if prefix == RULES else (),
    )


def _blanks(prefix: str, typed: Typed, wanted: str) -> tuple[Blank, ...]:
    pairs = list(typed.blanks.get(prefix, ())) or [("", "")] * BLANKS
    if wanted:
        pairs[0] = (pairs[0][0] or wanted.removeprefix(prefix), pairs[0][1])
    return tuple(
        Blank(
            name_input=f"{NEW}{prefix}:{index}:name",
            value_input=f"{NEW}{prefix}:{index}:value",
            name=name,
            value=value,
            wanted=bool(wanted) and not index,
        )
        for index, (name, value) in enumerate(pairs)
    )
