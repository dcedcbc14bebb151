"""Dividing a refund: parts that are documents of their own, and together exactly the whole."""

from __future__ import annotations

from builders import adjustment, charge, line, money, refund, tender
from hypothesis import given
from hypothesis import strategies as st

from contrapost.refunds.division import credited_by, divide, split_line, with_tenders
from contrapost.refunds.document import Refund
from contrapost.refunds.money import Money, total

CENTS = st.integers(0, 50_000)


def _cents(count: int) -> Money:
    return money(f"{count // 100}.{count % 100:02}")


@st.composite
def refunds(draw: st.DrawFn) -> Refund:
    """Draws a refund of some lines, perhaps with shipping and something given beyond them."""
    lines = [
        line(f"SKU{index}", draw(st.integers(0, 5)), _cents(draw(CENTS)), tax=_cents(draw(st.integers(0, 900))))
        for index in range(draw(st.integers(0, 5)))
    ]
    charges = (charge("shipping", _cents(draw(CENTS)), tax=_cents(draw(st.integers(0, 900)))),)
    given_more = (adjustment(_cents(draw(CENTS))),) if draw(st.booleans()) else ()
    return refund(*lines, charges=charges, adjustments=given_more)


@given(refunds(), st.lists(CENTS, min_size=1, max_size=4))
def test_parts_add_up_to_the_whole(whole: Refund, cuts: list[int]) -> None:
    """Amounts, taxes and units of the parts are together those of the refund; each but the last is of its amount."""
    parts = divide(whole, [_cents(cut) for cut in cuts])

    assert len(parts) == len(cuts)
    for name in ("lines", "charges"):
        entries = [entry for part in parts for entry in getattr(part, name)]
        assert total((one.credited for one in entries), "USD") == total(
            (one.credited for one in getattr(whole, name)), "USD"
        )
        assert total((one.tax for one in entries), "USD") == total((one.tax for one in getattr(whole, name)), "USD")
    assert sum(one.quantity for part in parts for one in part.lines) == sum(one.quantity for one in whole.lines)
    assert total((credited_by(part) for part in parts), "USD") == credited_by(whole)
    left = credited_by(whole)
    for cut, part in zip(cuts[:-1], parts[:-1], strict=True):
        assert credited_by(part) == min(_cents(cut), left)
        left -= credited_by(part)


def test_a_line_is_cut_where_the_money_ends() -> None:
    """Units go with the first piece; the second carries the rest of the money, and tax goes along in proportion."""
    whole = refund(line("TRAY", 1, "40.00", tax="3.30"))

    first, second = divide(whole, [money("30.00"), money("13.30")])

    assert [(one.quantity, one.credited.text, one.tax.text) for one in first.lines] == [(1, "27.71", "2.29")]
    assert [(one.quantity, one.credited.text, one.tax.text) for one in second.lines] == [(0, "12.29", "1.01")]


def test_tenders_pay_the_parts_in_their_order() -> None:
    """A tender that pays two parts is split between them."""
    whole = refund(
        line("TRAY", 1, "40.00"), line("MUG", 1, "12.50"), tenders=(tender("45.00"), tender("7.50", "paypal"))
    )

    first, second = with_tenders(whole, divide(whole, [money("40.00"), money("12.50")]))

    assert [(one.gateway, one.amount.text) for one in first.tenders] == [("shopify_payments", "40.00")]
    assert [(one.gateway, one.amount.text) for one in second.tenders] == [
        ("shopify_payments", "5.00"),
        ("paypal", "7.50"),
    ]


@given(st.integers(0, 9_999), st.integers(0, 999), st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_units_of_a_line_are_split_exactly(credited: int, tax: int, units: list[int]) -> None:
    """Pieces of a line have the units asked for, and no cent is lost."""
    pieces = split_line(line("MUG", sum(units), _cents(credited), tax=_cents(tax)), units)

    assert [piece.quantity for piece in pieces] == units
    assert total((piece.credited for piece in pieces), "USD") == _cents(credited)
    assert total((piece.tax for piece in pieces), "USD") == _cents(tax)
