"""Finds the records of an order's family that stand for refunds: two questions for one order."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Protocol

from contrapost.netsuite.by_hand import ByHand
from contrapost.netsuite.drafts import RecordType
from contrapost.netsuite.suiteql import question, quoted_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contrapost.netsuite.answers import Standing
    from contrapost.netsuite.bill import Bills

_TYPES = {"CustRfnd": RecordType.CUSTOMER_REFUND, "ItemRcpt": RecordType.ITEM_RECEIPT}


class Asked(Protocol):
    """The part of NetSuite that is needed to find them."""

    def rows(self, sql: str, what: str) -> list[dict[str, str]]:
        """Asks a SuiteQL question."""
        ...

    def stand(self, ids: Sequence[str]) -> dict[str, Standing]:
        """Reads records as they stand."""
        ...


def find_by_hand(net: Asked, bills: Bills) -> tuple[ByHand, ...]:
    """Finds what credits the bills of an order, what pays those credits and its deposits back, and its returns.

    Records of ours are among them. What is void is not. A customer refund that pays several memos back at once is left
    out: it can stand for no single refund.

    Raises:
        NetSuiteError: NetSuite could not be asked.
    """
    credits_ = {credit.id: credit for bill in bills.bills for credit in bill.credits}
    billed = {bill.id for bill in bills.bills}
    returns = {credit.bill_id for credit in credits_.values() if credit.bill_id and credit.bill_id not in billed}
    sources = [*credits_, *returns, *(deposit.id for deposit in bills.deposits)]
    if not sources:
        return ()
    rows = net.rows(question("paying_back", ids=quoted_list(sources)), f"find what pays {bills.order_tranid} back")
    hanging: dict[str, set[str]] = defaultdict(set)
    types = {row["id"]: _TYPES[row["type"]] for row in rows}
    for row in rows:
        hanging[row["id"]].add(row["source"])
    alone = {id_: sources.pop() for id_, sources in hanging.items() if len(sources) == 1}
    standings = net.stand([*credits_, *returns, *alone])
    found = [
        *((RecordType(credit.record), id_, credit.bill_id) for id_, credit in credits_.items()),
        *((RecordType.RETURN_AUTHORIZATION, id_, "") for id_ in returns),
        *((types[id_], id_, source) for id_, source in alone.items()),
    ]
    return tuple(
        ByHand(
            record=record,
            standing=standings[id_],
            hangs_on=source,
            lines=credits_[id_].lines if id_ in credits_ else (),
        )
        for record, id_, source in found
        if id_ in standings and not standings[id_].voided
    )
