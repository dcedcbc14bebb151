"""Comparing store and NetSuite: every refund comes to one kind, and every sum is exact, whatever both sides hold."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contrapost.codec import decode, encode
from contrapost.reconcile.compare import Claim, Document, Kind, Line, Linked, Ours, compare
from contrapost.reconcile.report import COLUMNS, Adding, Totals, table
from contrapost.refunds.finding import error, warning
from contrapost.refunds.lifecycle import BOOKED, State
from contrapost.refunds.money import Money

DAY = date(2026, 11, 3)
HAND_MADE = warning("reconcile_not_ours", "Made by hand.")


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def linked(id_: str = "1", amount: str = "10.00", *, record: str = "cashRefund", counted: bool = True) -> Linked:
    return Linked(id=id_, record=record, tranid=f"R{id_}", total=usd(amount), counted=counted)


def document(refund: str, id_: str = "1", amount: str = "10.00", **said: object) -> Document:
    whole: dict[str, object] = {
        "record": "cashRefund", "tranid": f"R{id_}", "external_id": "", "order": "#1", "total": usd(amount),
        "day": DAY, "voided": False, "counted": True, **said,
    }  # fmt: skip
    return Document(refund=refund, id=id_, **whole)  # type: ignore[arg-type]


def claim(
    refund: str = "a", paid: str | None = "10.00", *links: Linked, status: State = State.POSTED, **said: object
) -> Claim:
    amount = usd(str(said.pop("amount", paid or "10.00")))
    ours = Ours(transaction=7, status=status, amount=amount, linked=links, why=said.pop("why", ()))  # type: ignore[arg-type]
    return Claim(refund=refund, order="#1", day=DAY, paid=usd(paid) if paid else None, ours=ours, **said)  # type: ignore[arg-type]


def one(claims: list[Claim], documents: list[Document]) -> Line:
    [line] = compare(claims, documents)
    return line


def codes(line: Line) -> list[str]:
    return [finding.code for finding in line.why]


def test_what_stands_as_it_was_booked_matches() -> None:
    """A posted refund whose record stands with its total has no difference."""
    line = one([claim("a", "10.00", linked())], [document("a")])

    assert (line.kind, line.difference, line.why, line.is_open) == (Kind.MATCHED, usd("0.00"), (), False)


def test_a_memo_and_the_refund_that_pays_it_count_once() -> None:
    """NetSuite's total is the memo's; the customer refund beside it must stand too."""
    links = (linked("1", record="creditMemo"), linked("2", record="customerRefund", counted=False))
    memo = document("a", "1", record="creditMemo")
    payment = document("a", "2", record="customerRefund", counted=False)

    line = one([claim("a", "10.00", *links)], [memo, payment])
    without = one([claim("a", "10.00", *links)], [memo])

    assert (line.kind, line.netsuite) == (Kind.MATCHED, usd("10.00"))
    assert (without.kind, codes(without), without.difference) == (Kind.DIFFERENT, ["reconcile_gone"], usd("0.00"))


def test_what_the_plan_books_elsewhere_is_explained() -> None:
    """Store credit is a liability on the cash refund: the record is less than what the customer got, and matches."""
    line = one([claim("a", "40.00", linked(amount="30.00"))], [document("a", amount="30.00")])

    assert (line.kind, line.store, line.explained, line.netsuite) == (
        Kind.MATCHED, usd("40.00"), usd("-10.00"), usd("30.00"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("stands", "code", "difference"),
    [
        ([document("a", amount="9.99")], "reconcile_total_differs", "-0.01"),
        ([document("a", voided=True)], "reconcile_voided", "-10.00"),
        ([], "reconcile_gone", "-10.00"),
        ([document("a"), document("a", "2")], "reconcile_stray_record", "10.00"),
    ],
)
def test_what_changed_in_netsuite_is_different_by_so_much(stands: list[Document], code: str, difference: str) -> None:
    """A record with another total, void, gone or doubled is told, with the amount."""
    line = one([claim("a", "10.00", linked())], stands)

    assert (line.kind, codes(line), line.difference) == (Kind.DIFFERENT, [code], usd(difference))


def test_what_changed_at_the_store_is_different_by_so_much() -> None:
    """The tender failed after it was posted: the store gave nothing back, and NetSuite says it did."""
    line = one([claim("a", "0.00", linked(), amount="10.00", changed=True)], [document("a")])

    assert (line.kind, codes(line), line.difference) == (Kind.DIFFERENT, ["reconcile_store_changed"], usd("10.00"))


def test_another_currency_is_added_up_apart() -> None:
    """The store's dollars and NetSuite's euros are lines of their own, both different."""
    euros = document("a", total=Money.of("9.00", "EUR"))

    own, other = compare([claim("a", "10.00", linked())], [euros])

    assert (own.kind, own.difference) == (Kind.DIFFERENT, usd("-10.00"))
    assert (other.kind, other.difference) == (Kind.DIFFERENT, Money.of("9.00", "EUR"))
    assert codes(own) == codes(other) == ["reconcile_currency_differs"]


def test_what_only_the_store_has_says_why() -> None:
    """A refund that is held, and one that was never retrieved, each with its reason."""
    held = error("no_cash_account", "No account.", fix="Set it.")
    never = warning("reconcile_not_retrieved", "Never retrieved.")
    unknown = Claim(refund="b", order="#2", day=DAY, paid=usd("5.00"), why=(never,))

    first, second = compare([claim("a", status=State.NEEDS_ATTENTION, why=(held,)), unknown], [])

    assert (first.kind, codes(first), first.difference) == (Kind.ONLY_IN_STORE, ["no_cash_account"], usd("-10.00"))
    assert (second.kind, codes(second), second.transaction) == (Kind.ONLY_IN_STORE, ["reconcile_not_retrieved"], None)


def test_what_needs_no_booking_leaves_nothing_open() -> None:
    """A refund that is not needed or canceled is only in the store, and nothing is to be done about it."""
    lines = list(compare([claim("a", status=State.NOT_NEEDED), claim("b", status=State.CANCELED)], []))

    assert [(line.kind, line.is_open) for line in lines] == [(Kind.ONLY_IN_STORE, False)] * 2


def test_what_only_netsuite_has_is_told_once() -> None:
    """A record by hand, and one whose refund the store has no more; void ones and payments are no amounts."""
    by_hand = document("", "5", "3.00", why=HAND_MADE)
    nothing = [document("", "6", voided=True), document("", "7", record="customerRefund", counted=False)]

    hand, gone = compare([claim("a", None, linked())], [by_hand, *nothing, document("a")])

    assert (hand.kind, codes(hand), hand.difference) == (Kind.ONLY_IN_NETSUITE, ["reconcile_not_ours"], usd("3.00"))
    assert (gone.kind, codes(gone)) == (Kind.ONLY_IN_NETSUITE, ["reconcile_gone_from_store"])
    assert gone.difference == usd("10.00")


def test_a_post_that_did_not_end_is_different() -> None:
    """NetSuite holds a record of a refund that is not posted: that is said, with what holds it."""
    held = error("read_back_differs", "It differs.", fix="Look.")
    line = one([claim("a", "10.00", linked(), status=State.NEEDS_ATTENTION, why=(held,))], [document("a")])

    assert (line.kind, codes(line)) == (Kind.DIFFERENT, ["reconcile_not_finished", "read_back_differs"])


def test_sides_out_of_order_are_refused() -> None:
    """A merge of what is not in order would lose refunds."""
    with pytest.raises(ValueError, match="not ordered"):
        list(compare([claim("b"), claim("a")], []))
    with pytest.raises(ValueError, match="not ordered"):
        list(compare([claim("a"), claim("a")], []))
    with pytest.raises(ValueError, match="not ordered"):
        list(compare([], [document("b"), document("a", "2")]))


AMOUNTS = st.decimals(min_value=0, max_value=99999, places=2).map(lambda amount: Money(amount, "USD"))
ODD_AMOUNTS = st.one_of(AMOUNTS, AMOUNTS.map(lambda money: Money(money.amount, "EUR")))
REFUNDS = st.text("ab1é#", min_size=1, max_size=3)
DAYS = st.integers(0, 3).map(lambda days: DAY + timedelta(days=days))


@st.composite
def both_sides(draw: st.DrawFn) -> tuple[list[Claim], list[Document]]:
    """Refunds of any state, and records that stand for them, for others, or for none."""
    refunds = sorted(draw(st.sets(REFUNDS, max_size=6)))
    ids = iter(range(1, 1000))
    claims, documents = [], []
    for refund in refunds:
        links = [
            Linked(
                id=str(next(ids)), record="cashRefund", tranid="", total=draw(ODD_AMOUNTS), counted=draw(st.booleans())
            )
            for _ in range(draw(st.integers(0, 2)))
        ]
        ours = Ours(
            transaction=len(claims), status=draw(st.sampled_from(list(State))), amount=draw(ODD_AMOUNTS),
            linked=tuple(links),
        )  # fmt: skip
        claims.append(
            Claim(
                refund=refund, order=refund, day=draw(DAYS), paid=draw(st.none() | st.just(ours.amount) | ODD_AMOUNTS),
                ours=draw(st.just(ours) | st.none()), changed=draw(st.booleans()),
            )
        )  # fmt: skip
        documents += [
            document(refund, link.id, total=draw(st.just(link.total) | ODD_AMOUNTS), day=draw(DAYS),
                     voided=draw(st.booleans()), counted=link.counted)
            for link in links if draw(st.booleans())
        ]  # fmt: skip
    strays = [
        document(draw(st.just("") | REFUNDS), str(next(ids)), total=draw(ODD_AMOUNTS), day=draw(DAYS),
                 voided=draw(st.booleans()), counted=draw(st.booleans()))
        for _ in range(draw(st.integers(0, 4)))
    ]  # fmt: skip
    return claims, sorted(documents + strays, key=lambda each: (each.refund, int(each.id)))


@given(both_sides())
def test_every_refund_is_in_one_kind_and_every_sum_is_exact(sides: tuple[list[Claim], list[Document]]) -> None:
    """What both sides hold is what the lines add up to, currency by currency; nothing is lost or told twice."""
    claims, documents = sides
    adding = Adding()
    kinds: dict[str, set[Kind]] = defaultdict(set)
    lines = list(compare(claims, documents))
    for line in lines:
        adding.add(line)
        if line.refund:
            kinds[line.refund].add(line.kind)
        assert line.netsuite.amount == line.store.amount + line.explained.amount + line.difference.amount
        assert line.kind is not Kind.MATCHED or not line.difference
        assert line.kind is not Kind.MATCHED or line.status in BOOKED

    assert all(len(found) == 1 for found in kinds.values())
    assert {each.refund for each in claims if each.paid is not None} <= kinds.keys()
    store: dict[str, Decimal] = defaultdict(Decimal)
    netsuite: dict[str, Decimal] = defaultdict(Decimal)
    for each in claims:
        if each.paid is not None:
            store[each.paid.currency] += each.paid.amount
    for stands in documents:
        if stands.counted and not stands.voided:
            netsuite[stands.total.currency] += stands.total.amount
    for currency, group in adding.totals().by_currency().items():
        assert group.whole.store.amount == store.pop(currency, 0)
        assert group.whole.netsuite.amount == netsuite.pop(currency, 0)
    assert not any(store.values())
    assert not any(netsuite.values())
    told = sorted(each.id for line in lines for each in line.documents if each.counted and not each.voided)
    assert told == sorted(each.id for each in documents if each.counted and not each.voided)


@settings(max_examples=40)
@given(both_sides())
def test_lines_and_totals_come_back_as_they_were_kept(sides: tuple[list[Claim], list[Document]]) -> None:
    """What is kept of a comparison is what was compared."""
    lines = tuple(compare(*sides))
    adding = Adding()
    for line in lines:
        adding.add(line)

    assert decode(encode(lines), tuple[Line, ...]) == lines
    assert decode(encode(adding.totals()), Totals) == adding.totals()
    assert adding.totals().open == sum(line.is_open for line in lines)
    assert sum(adding.totals().by_kind().values()) == len(lines)


def test_the_table_is_safe_in_a_spreadsheet() -> None:
    """Its columns are named, amounts keep their decimals, and no text is taken for a formula."""
    head, row = table([one([Claim(refund="=1+1", order="@x", day=DAY, paid=usd("-5.00"))], [])])

    said = dict(zip(head, row, strict=True))
    assert head == COLUMNS
    assert (said["store"], said["difference"], said["currency"]) == ("-5.00", "5.00", "USD")
    assert (said["order"], said["refund"]) == ("'@x", "'=1+1")
