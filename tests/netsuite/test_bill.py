"""What is left of a bill."""

from __future__ import annotations

from decimal import Decimal

from builders import usd

from contrapost.netsuite.bill import Credit, CreditLine, LineKind


def test_what_was_given_as_store_credit_is_credited_all_the_same() -> None:
    """A credit whose total is nothing, because it was given as store credit, took 108.00 of the bill."""
    lines = [("LAMP", Decimal(1), usd("100.00")), ("SC-ISSUE", Decimal(1), usd("-108.00"))]
    credit = Credit(
        record="cashRefund",
        id="9",
        tranid="CR9",
        external_id="",
        bill_id="3",
        total=usd("0.00"),
        lines=tuple(
            CreditLine(item_id=item, item=item, kind=LineKind.ITEM, quantity=quantity, amount=amount)
            for item, quantity, amount in lines
        ),
    )

    assert credit.credited == usd("108.00")
