"""The match step: the orders of some refunds, their bills, and what was credited before; one question for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from contrapost.netsuite.bill import Bills, Waiting
from contrapost.netsuite.family import read_families
from contrapost.netsuite.suiteql import question, quoted, quoted_list
from contrapost.refunds.finding import Finding, error

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contrapost.refunds.document import Refund

ORDERS_A_QUESTION = 200
"""Names are said seven times in one question, and NetSuite takes 1,000 values in an IN."""

Matched = Bills | Waiting | Finding
"""What the match step comes to: the bills; something to wait for; or a finding, where the match is not one order."""


class Asked(Protocol):
    """The part of NetSuite that matching needs."""

    def rows(self, sql: str, what: str) -> list[dict[str, str]]:
        """Asks a SuiteQL question."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRule:
    """How an order of the store is found in NetSuite."""

    field: str
    """Column of `transaction`: `otherrefnum`, `externalid`, `custbody_…`."""
    pattern: str
    """What stands there, with `{order_name}`, `{order_number}` or `{order_id}`."""
    only: Mapping[str, str]
    """Further columns and the value each must have."""

    def name_of(self, refund: Refund) -> str:
        """Gives what stands in NetSuite for the order of a refund."""
        return self.pattern.format(
            order_name=refund.order_name, order_number=refund.order_name.lstrip("#"), order_id=refund.order_id
        )


def match(net: Asked, refunds: Sequence[Refund], rule: OrderRule, *, suitetax: bool) -> dict[str, Matched]:
    """Finds order, bills and earlier credits of each refund; by store refund id.

    Orders, cash sales and invoices match; voided records do not count. The match must be exactly one order.

    Args:
        net: NetSuite, to be asked.
        refunds: of one account, any number.
        rule: how an order is found.
        suitetax: the account holds tax in SuiteTax's details.

    Raises:
        NetSuiteError: NetSuite could not be asked.
    """
    names = sorted({rule.name_of(refund) for refund in refunds})
    families: dict[str, list[Bills]] = {}
    for start in range(0, len(names), ORDERS_A_QUESTION):
        some = names[start : start + ORDERS_A_QUESTION]
        rows = net.rows(_question(some, rule, suitetax=suitetax), f"find the bills of {_few(some)}")
        families |= read_families(rows)
    return {refund.store_refund_id: _one(families.get(rule.name_of(refund), []), rule, refund) for refund in refunds}


def _few(names: Sequence[str]) -> str:
    return f"order {names[0]}" if len(names) == 1 else f"{len(names)} orders"


def _question(names: Sequence[str], rule: OrderRule, *, suitetax: bool) -> str:
    only = "".join(f" AND r.{column} = {quoted(value)}" for column, value in sorted(rule.only.items()))
    orders = (
        f"r.type IN ('SalesOrd', 'CashSale', 'CustInvc') AND r.voided = 'F'"
        f" AND r.{rule.field} IN ({quoted_list(names)}){only}"
    )
    named = f"h.type IN ('CashRfnd', 'CustCred') AND h.voided = 'F' AND h.{rule.field} IN ({quoted_list(names)})"
    columns = ",\n    x.taxcode, x.taxtype, x.taxrate, x.taxamount" if suitetax else ""
    join = (
        "\nLEFT JOIN transactiontaxdetail x ON x.transaction = l.transaction AND x.transactionline = l.id"
        if suitetax
        else ""
    )
    return question(
        "family",
        match_column=f"t.{rule.field}",
        tax_columns=columns,
        tax_join=join,
        orders=orders,
        named=named,
    )


def _one(found: list[Bills], rule: OrderRule, refund: Refund) -> Matched:
    name = rule.name_of(refund)
    if not found:
        return Waiting(
            code="order_not_in_netsuite",
            message=f"NetSuite has no order, cash sale or invoice with {_FIELDS.get(rule.field, rule.field)} {name}.",
            fix="It is looked for again by itself. If NetSuite names orders otherwise, set order.field and "
            "order.pattern for this account.",
        )
    if len(found) > 1:
        listed = ", ".join(bills.order_tranid for bills in found)
        return error(
            "order_ambiguous",
            f"NetSuite has several orders with {_FIELDS.get(rule.field, rule.field)} {name}: {listed}.",
            fix="Tell them apart with order.filter.FIELD for this account, or correct the wrong one in NetSuite.",
        )
    return found[0]


_FIELDS = {"otherrefnum": "PO #", "externalid": "external id", "tranid": "number", "memo": "memo"}
