"""Balance: the amounts of a refund, kept apart."""

from __future__ import annotations

import pytest
from builders import adjustment, charge, line, refund, tender, usd

from contrapost.refunds.balance import balance
from contrapost.refunds.document import Refund
from contrapost.refunds.finding import Finding, Severity, blocks, error, info, warning


def test_amounts_are_kept_apart() -> None:
    """Lines, charges, extra and kept amounts, money and liabilities are each summed on their own."""
    sums = balance(
        refund(
            line("MUG", 1, "12.50", tax="1.03"),
            line("TRAY", 1, "40.00", tax="3.30"),
            paid="50.00",
            tenders=(tender("10.00", kind="gift_card"), tender("4.83", kind="store_credit")),
            charges=(charge("shipping", "7.50", tax="0.50"),),
            adjustments=(adjustment("5.00", tax="0.41"), adjustment("-5.00", tax="-0.41")),
        )
    )
    assert (sums.lines, sums.charges) == (usd("56.83"), usd("8.00"))
    assert (sums.extra_given, sums.kept) == (usd("5.41"), usd("5.41"))
    assert (sums.paid_out, sums.to_liability) == (usd("50.00"), usd("14.83"))
    assert sums.credited == usd("64.83")
    assert not sums.gap


@pytest.mark.parametrize(
    ("status", "paid_out", "pending"),
    [("succeeded", "13.53", "0"), ("pending", "0", "13.53"), ("failed", "0", "0")],
)
def test_only_money_that_moved_counts_as_paid_out(status: str, paid_out: str, pending: str) -> None:
    """A pending tender is pending, a failed one is nothing."""
    sums = balance(refund(line("MUG", 1, "12.50", tax="1.03"), tenders=(tender("13.53", status=status),)))
    assert (sums.paid_out, sums.pending) == (usd(paid_out), usd(pending))


@pytest.mark.parametrize(("paid", "gap"), [("10.00", "2.50"), ("15.00", "-2.50"), ("12.50", "0")])
def test_gap_is_what_is_credited_and_went_nowhere(paid: str, gap: str) -> None:
    """Above zero something is still owed to the customer, below zero more went out than was credited."""
    assert balance(refund(line("MUG", 1, "12.50"), paid=paid)).gap == usd(gap)


def test_empty_refund_comes_to_nothing() -> None:
    """A refund without anything has every amount at zero, in its currency."""
    sums = balance(refund(currency="JPY"))
    assert {str(sums.credited), str(sums.paid_out), str(sums.gap), str(sums.kept)} == {"0 JPY"}


def test_documents_are_frozen() -> None:
    """A refund, once read, cannot be changed."""
    kept: Refund = refund(paid="1.00")
    with pytest.raises(AttributeError):
        kept.currency = "EUR"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("findings", "blocked"),
    [
        ((), False),
        ((info("a", "A."), warning("b", "B.")), False),
        ((info("a", "A."), error("c", "C.", fix="Mend it.")), True),
    ],
)
def test_only_errors_block(findings: tuple[Finding, ...], *, blocked: bool) -> None:
    """Information and warnings never keep a refund from being posted; an error does."""
    assert blocks(findings) is blocked
    assert [found.severity for found in findings if found.code == "c"] == [Severity.ERROR] * blocked


def test_goods_out_reduce_what_is_credited() -> None:
    """An exchange credits the goods back less the goods out; what these cost more is a sale."""
    back = line("JACKET-M", 1, "120.00", tax="9.60")
    dearer, cheaper = line("JACKET-L", 1, "130.00", tax="10.40"), line("JACKET-S", 1, "90.00", tax="7.20")

    sums = balance(refund(back, paid="32.40", goods_out=(cheaper,)))
    assert (sums.credited, sums.gross, sums.goods_out) == (usd("32.40"), usd("129.60"), usd("97.20"))
    assert not sums.gap

    sums = balance(refund(back, goods_out=(dearer,)))
    assert (sums.credited, sums.goods_out, sums.extra_sold) == (usd("0"), usd("129.60"), usd("10.80"))
    assert not sums.gap
