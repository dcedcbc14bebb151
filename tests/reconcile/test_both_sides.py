"""The shop against NetSuite itself, both emulated: what was done to either side is told, and by how much."""

from __future__ import annotations

from datetime import date

import pytest
from reconcile.sides import ACCOUNT, EVER, Sides
from world import bill

from contrapost import corrections, flow
from contrapost.mapping.taking_back import Way
from contrapost.netsuite.answers import NetSuiteError
from contrapost.netsuite.credits import credits_between
from contrapost.netsuite.match import OrderRule
from contrapost.reconcile import sources
from contrapost.reconcile.compare import Document
from contrapost.reconcile.gathering import gathering
from contrapost.reconcile.run import Days
from contrapost.records import booked, queries, reconciliations
from contrapost.refunds.identity import prefix_of


def test_what_was_posted_matches_and_is_reconciled(sides: Sides) -> None:
    """Both sides hold the same, nothing is written, and the refund is reconciled from then on, once."""
    row = sides.posted(8001)
    before = sides.ours()

    found, again = sides.compare(), sides.compare()

    assert found.kinds() == again.kinds() == {"#8001": "matched"}
    assert found.of() == {"store": "108.25", "explained": "0.00", "netsuite": "108.25", "difference": "0.00"}
    assert (found.open, sides.ours()) == (0, before)
    assert sides.status(row) == "reconciled"
    assert [entry.event for entry in queries.history(row.id)].count("proven") == 1
    assert queries.history(row.id)[-1].by == "Ada Ferris"


def test_what_changed_in_netsuite_is_told(sides: Sides) -> None:
    """Voided, deleted, and changed by hand: each differs by what is missing, and is not reconciled."""
    voided, gone, changed = (sides.posted(number) for number in (8101, 8102, 8103))
    sides.void(voided)
    sides.remove(gone)
    line = {"item": {"items": [{"line": 1, "amount": 90}]}, "taxDetailsOverride": True}
    sides.net.patch("cashRefund", changed.links[0].netsuite_id, line, what="change it")

    found = sides.compare()

    assert set(found.kinds().values()) == {"different"}
    assert found.codes("#8101") == ["reconcile_voided"]
    assert found.codes("#8102") == ["reconcile_gone"]
    assert found.codes("#8103") == ["reconcile_total_differs"]
    assert [found.lines[f"#{n}"].difference.text for n in (8101, 8102, 8103)] == ["-108.25", "-108.25", "-10.00"]
    assert found.of()["difference"] == "-226.50"
    assert {sides.status(row) for row in (voided, gone, changed)} == {"posted"}
    assert all(queries.history(row.id)[-1].event == "changed_after_posting" for row in (voided, gone, changed))


def test_what_only_one_side_has_is_told_with_its_reason(sides: Sides) -> None:
    """Never retrieved, not in NetSuite, ready, canceled, deleted; made by hand, and by a database that was lost."""
    sides.sell(8201)
    sides.sold(8202, billed=False)
    sides.sold(8203)
    flow.cancel(sides.app, sides.sold(8204).id, by="Ada Ferris")
    flow.delete(sides.app, sides.sold(8205).id, by="Ada Ferris")
    sides.credit_by_hand("by-hand", "#8206")
    prefix = prefix_of(sides.app.account(ACCOUNT).identity)
    sides.credit_by_hand(f"{prefix}1-cr", "#8207", "20.00")
    sides.credit_by_hand("cp-another_shop-1-cr", "#8208", "30.00")

    found = sides.compare()

    assert found.kinds() == {
        **{f"#{number}": "only_in_store" for number in (8201, 8202, 8203, 8204, 8205)},
        "#8206": "only_in_netsuite",
        "#8207": "only_in_netsuite",
    }
    assert [found.codes(f"#{number}")[0] for number in range(8201, 8208)] == [
        "reconcile_not_retrieved",
        "order_not_in_netsuite",
        "reconcile_not_posted",
        "reconcile_set_aside",
        "reconcile_deleted",
        "reconcile_not_ours",
        "reconcile_ours_unknown",
    ]
    assert found.of() == {"store": "541.25", "explained": "0.00", "netsuite": "70.00", "difference": "-471.25"}
    assert found.open == 6


def test_what_changed_at_the_store_is_told(sides: Sides) -> None:
    """The money did not go through after all: the store gave back nothing, and NetSuite says it did."""
    row = sides.posted(8301)
    sides.sell_again(8301, status="FAILURE")

    found = sides.compare()

    assert (found.kinds(), found.codes("#8301")) == ({"#8301": "different"}, ["reconcile_store_changed"])
    assert found.of() == {"store": "0.00", "explained": "0.00", "netsuite": "108.25", "difference": "108.25"}
    assert sides.compare(offline=True).kinds() == {"#8301": "matched"}
    assert sides.status(row) == "reconciled"


def test_an_order_the_store_has_no_more_leaves_netsuite_alone(sides: Sides) -> None:
    """The order was deleted at the store: its record is only in NetSuite; what was not posted is nowhere."""
    sides.posted(8401)
    sides.sold(8402)
    sides.shop.ask("POST", "reset")

    found = sides.compare()

    assert (found.kinds(), found.codes("#8401")) == ({"#8401": "only_in_netsuite"}, ["reconcile_gone_from_store"])


def test_an_invoice_counts_its_memo_and_not_the_payment_of_it(sides: Sides) -> None:
    """The customer refund that pays a memo out is no amount of its own, and its absence is told all the same."""
    sides.seed(bill("invoice", "#8501", [("LAMP", 1, "100.00", "8.25")]))
    row = sides.posted(8501, billed=False)
    assert [link.record for link in row.links] == ["creditMemo", "customerRefund"]

    found = sides.compare()
    sides.void(row, 1)
    after = sides.compare()

    assert (found.kinds(), found.of()["netsuite"]) == ({"#8501": "matched"}, "108.25")
    assert (after.kinds(), after.codes("#8501")) == ({"#8501": "different"}, ["reconcile_voided"])
    assert after.of()["difference"] == "0.00"


def test_what_was_made_by_hand_and_linked_matches(sides: Sides) -> None:
    """Before it is linked each side has it alone; afterwards it is one refund, and reconciled."""
    row = sides.sold(8551)
    sides.seed(bill("cashRefund", "#8551", [("LAMP", 1, "100.00", "8.25")], externalId="by-hand"))
    assert sides.compare().open == 2
    [found] = sides.query_ids("by-hand")
    flow.adopt(sides.app, row.id, [f"cashRefund:{found}"], reason="Booked by Mo.", by="Ada Ferris")

    assert sides.compare().kinds() == {"#8551": "matched"}
    assert sides.status(row) == "reconciled"


def test_what_was_corrected_matches_again(sides: Sides) -> None:
    """The store gave less than was booked: what stood is taken back, booked anew, and counts once, as it is now."""
    row = sides.posted(8561)
    sides.sell_for(8561, "60.00")
    sides.retrieve(8561)
    assert sides.compare().codes("#8561") == ["reconcile_store_changed"]
    made = corrections.prepare(sides.app, row.id)
    corrections.accept(sides.app, row.id, way=Way.OFFSET, seen=made.fingerprint, reason="Less.", by="Ada Ferris")

    found = sides.compare()

    assert found.kinds() == {"#8561": "matched"}
    assert found.of() == {"store": "60.00", "explained": "0.00", "netsuite": "60.00", "difference": "0.00"}


def test_what_the_search_does_not_show_yet_is_looked_for(sides: Sides) -> None:
    """SuiteQL may lag behind: the record itself is read, with its total, its day, and what a void left of it."""
    row = sides.posted(8571)

    def looked_for() -> Document:
        with gathering() as gathered:
            for rows in booked.between(ACCOUNT, row.refunded_on, row.refunded_on):
                sources.put_row(gathered, rows[0])
            sources._look_for(gathered, sides.net, {row.links[0].netsuite_id: row.store_refund_id})
            [found] = gathered.documents()
        return found

    stands = looked_for()
    sides.void(row)

    assert (stands.total.text, stands.day, stands.voided, stands.counted) == ("108.25", row.refunded_on, False, True)
    assert not looked_for().total


def test_only_the_days_asked_for_are_compared(sides: Sides) -> None:
    """A span before the refund has nothing; NetSuite's record of it is not taken for somebody else's."""
    row = sides.posted(8601)
    elsewhere = Days(since=date(2020, 1, 1), until=date(2020, 1, 31))

    assert sides.compare(elsewhere).lines == {}
    assert sides.compare(Days(since=row.refunded_on, until=row.refunded_on)).kinds() == {"#8601": "matched"}


def test_every_page_of_netsuites_answer_is_read(sides: Sides) -> None:
    """Records beyond the first page come once each, in the order of their ids, whatever the size of a page."""
    for number in range(7):
        sides.credit_by_hand(f"hand-{number}", f"#87{number:02}", "1.00")
    rule = OrderRule(field="otherrefnum", pattern="{order_name}", only={})

    def read(rows: int) -> list[str]:
        pages = credits_between(sides.net, EVER.since, EVER.until, rule=rule, prefix="cp-x-", rows_a_question=rows)
        return [one.external_id for page in pages for one in page]

    assert read(1000) == read(3) == read(2) == [f"hand-{number}" for number in range(7)]


def test_only_orders_of_the_accounts_filter_are_its_own(sides: Sides) -> None:
    """A record whose order the account's pattern or filter does not fit is somebody else's."""
    sides.credit_by_hand("web", "WEB-1")
    sides.credit_by_hand("shop-floor", "POS-1")
    for rule, expected in [
        (OrderRule(field="otherrefnum", pattern="WEB-{order_number}", only={}), ["web"]),
        (OrderRule(field="otherrefnum", pattern="{order_name}", only={"memo": "x"}), []),
    ]:
        pages = list(credits_between(sides.net, EVER.since, EVER.until, rule=rule, prefix="cp-x-"))
        assert [one.external_id for page in pages for one in page] == expected


def test_a_netsuite_that_cannot_be_asked_ends_the_comparison_with_the_reason(sides: Sides) -> None:
    """What failed is kept as failed, with what to do; nothing was proven."""
    row = sides.posted(8801)
    sides.books.ask("POST", "faults", [{"when": "suiteql", "nth": 1, "times": 50, "do": "503"}])

    with pytest.raises(NetSuiteError):
        sides.compare()

    [kept] = reconciliations.listing(ACCOUNT)
    assert (kept.failed, bool(kept.findings), kept.ended_at is not None) == (True, True, True)
    assert sides.status(row) == "posted"
