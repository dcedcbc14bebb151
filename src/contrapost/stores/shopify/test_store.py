"""The store against the running emulator, over HTTP: what it finds, and in how many calls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from contrapost.refunds.finding import Severity
from contrapost.stores.contract import StoreError
from contrapost.stores.shopify.store import OVERLAP

if TYPE_CHECKING:
    from contrapost.stores.shopify.conftest import Emulator
    from contrapost.stores.shopify.store import ShopifyStore

SINCE = datetime(2026, 11, 1, tzinfo=UTC)


def refund(number: int, lines: int = 1, **fields: object) -> dict[str, Any]:
    return {
        "id": number,
        "createdAt": "2026-11-10T10:00:00Z",
        "refundLineItems": [
            {
                "id": number * 1000 + n,
                "lineItem": {"id": 1},
                "quantity": 1,
                "subtotalSet": "10.00",
                "totalTaxSet": "0.80",
            }
            for n in range(lines)
        ],
        "transactions": [{"kind": "REFUND", "amountSet": f"{lines * 10.80:.2f}"}],
    } | fields


def order(number: int, *refunds: dict[str, Any], **fields: object) -> dict[str, Any]:
    return {
        "id": 5_000_000_000 + number,
        "name": f"#{number}",
        "updatedAt": "2026-11-10T10:00:00Z",
        "lineItems": [{"id": 1, "sku": "MUG", "quantity": 100, "originalUnitPriceSet": "10.00"}],
        "refunds": list(refunds),
    } | fields


@pytest.mark.parametrize("asked", ["#1001", "1001", " 1001 ", "5600000001001", "gid://shopify/Order/5600000001001"])
def test_an_order_is_found_as_people_name_it_in_two_calls(store: ShopifyStore, emulator: Emulator, asked: str) -> None:
    """Name with or without its sign, long number and global id find the order, in at most two calls and one token."""
    emulator.control("POST", "seed")
    page = store.orders([asked])
    assert [(each.order_name, each.order_id, each.store_refund_id) for each in page.refunds] == [
        ("#1001", "5600000001001", "880000010011")
    ]
    assert page.problems == ()
    assert emulator.calls() == 2
    assert emulator.calls("access_token") == 1


def test_several_orders_share_their_calls(store: ShopifyStore, emulator: Emulator) -> None:
    """Six orders with seven refunds take one search and two readings; an order named twice is read once."""
    emulator.control("POST", "seed")
    page = store.orders(["#1001", "1002", "1003", "1004", "1005", "1006", "#1006"])
    assert len(page.refunds) == 7
    assert all(each.refund for each in page.refunds)
    assert emulator.calls() == 3


def test_an_unknown_order_is_told_with_the_scope_that_may_hide_it(store: ShopifyStore, emulator: Emulator) -> None:
    """An order that is not there is a problem that speaks of older orders, too; the others are read."""
    emulator.control("POST", "seed")
    page = store.orders(["#9999", "#1001"])
    assert [(each.order, each.finding.code) for each in page.problems] == [("#9999", "order_not_found")]
    assert "read_all_orders" in page.problems[0].finding.fix
    assert len(page.refunds) == 1


def test_an_order_without_refunds_is_told(store: ShopifyStore, emulator: Emulator) -> None:
    """An order that is there and has no refunds is a problem of its own."""
    emulator.put(order(7))
    page = store.orders(["7"])
    assert [(each.order, each.finding.code) for each in page.problems] == [("7", "order_has_no_refunds")]


def test_a_name_must_match_wholly(store: ShopifyStore, emulator: Emulator) -> None:
    """Orders whose names only contain what was asked for are not taken for it."""
    emulator.put(order(11, refund(1), name="#1001-A"), order(12, refund(2), name="#11001"))
    assert [each.finding.code for each in store.orders(["1001"]).problems] == ["order_not_found"]


def test_a_name_that_means_several_orders_lists_them(store: ShopifyStore, emulator: Emulator) -> None:
    """Two orders that differ in signs only are both named, and neither is taken; the whole name decides."""
    emulator.put(order(11, refund(1), name="#1001"), order(12, refund(2), name="1001-"))
    (problem,) = store.orders(["1001"]).problems
    assert problem.finding.code == "order_ambiguous"
    assert "5000000011" in problem.finding.message
    assert "5000000012" in problem.finding.message
    assert [each.order_id for each in store.orders(["#1001"]).refunds] == ["5000000011"]


def test_the_shops_prefix_may_be_left_out(store: ShopifyStore, emulator: Emulator) -> None:
    """A number is found under the prefix and suffix of the shop's order names."""
    emulator.control("POST", "shop", {"prefix": "EN", "suffix": "-UK"})
    emulator.put(order(11, refund(1), name="EN1001-UK"))
    assert [each.order_name for each in store.orders(["1001"]).refunds] == ["EN1001-UK"]


def test_signs_of_the_search_syntax_in_a_name_do_no_harm(store: ShopifyStore, emulator: Emulator) -> None:
    """Quotes, operators and backslashes in a name are looked for as they are."""
    emulator.put(order(11, refund(1), name='A"B OR id:1 \\'))
    assert len(store.orders(['A"B OR id:1 \\']).refunds) == 1


def test_sixty_lines_of_one_refund_are_read(store: ShopifyStore, emulator: Emulator) -> None:
    """All lines of a refund are there, in two calls as long as they fit one page."""
    emulator.put(order(21, refund(1, 60)))
    (read,) = store.orders(["21"]).refunds
    assert read.refund is not None
    assert len({line.id for line in read.refund.lines}) == 60
    assert emulator.calls() == 2


def test_lines_beyond_a_page_are_read_to_the_end(store: ShopifyStore, emulator: Emulator) -> None:
    """Two hundred lines take the pages they need, and none is left out."""
    emulator.put(order(21, refund(1, 200)))
    (read,) = store.orders(["21"]).refunds
    assert read.refund is not None
    assert len({line.id for line in read.refund.lines}) == 200
    assert emulator.calls() == 4


def test_many_transactions_and_adjustments_are_read_to_the_end(store: ShopifyStore, emulator: Emulator) -> None:
    """Tenders, adjustments and shipping lines beyond their first page are followed as well."""
    parts = {
        "transactions": [{"kind": "REFUND", "amountSet": "1.00"} for _ in range(7)],
        "orderAdjustments": [{"amountSet": "-0.50"} for _ in range(14)],
        "refundShippingLines": [{"subtotalAmountSet": "0.00"} for _ in range(5)],
    }
    emulator.put(order(21, refund(1, 0, **parts)))
    (read,) = store.orders(["21"]).refunds
    assert read.refund is not None
    assert (len(read.refund.tenders), len(read.refund.adjustments), len(read.refund.charges)) == (7, 14, 5)


@pytest.mark.parametrize("count", [9, 10, 13])
def test_many_refunds_of_one_order_are_all_read(store: ShopifyStore, emulator: Emulator, count: int) -> None:
    """However many refunds an order has, each is read once."""
    emulator.put(order(21, *(refund(100 + n, n) for n in range(count))))
    page = store.orders(["21"])
    assert sorted(int(each.store_refund_id) for each in page.refunds) == list(range(100, 100 + count))
    assert [len(each.refund.lines) for each in page.refunds if each.refund] == list(range(count))


def test_an_order_with_more_refunds_than_a_list_holds_is_told(store: ShopifyStore, emulator: Emulator) -> None:
    """The 250 refunds that Shopify lists are read, and a problem says that there may be more."""
    emulator.put(order(21, *(refund(1000 + n) for n in range(251))))
    page = store.orders(["21"])
    assert len(page.refunds) == 250
    assert [each.finding.code for each in page.problems] == ["order_refunds_cut_off"]


def test_changed_orders_are_paged_without_loss(store: ShopifyStore, emulator: Emulator) -> None:
    """A hundred and twenty changed orders come in pages, oldest first, each once."""
    start = datetime(2026, 11, 2, tzinfo=UTC)
    moments = [(start + timedelta(minutes=n)).isoformat() for n in range(120)]
    emulator.put(*(order(2000 + n, refund(3000 + n), updatedAt=at) for n, at in enumerate(moments)))
    names, cursor, pages, more = [], "", 0, True
    while more:
        page = store.changed(since=SINCE, cursor=cursor)
        names += [each.order_name for each in page.refunds]
        cursor, more, pages = page.cursor, page.has_more, pages + 1
    assert names == [f"#{2000 + n}" for n in range(120)]
    assert pages == 3


def test_reading_goes_on_a_little_before_where_it_ended(store: ShopifyStore, emulator: Emulator) -> None:
    """The cursor of the last page brings the last change again, and what changed since; not what is older."""
    emulator.put(order(1, refund(1), updatedAt="2026-11-02T10:00:00Z"), order(2, refund(2)))
    last = store.changed(since=SINCE)
    assert not last.has_more
    emulator.put(order(3, refund(3), updatedAt="2026-11-11T10:00:00Z"))
    again = store.changed(since=SINCE, cursor=last.cursor)
    assert [each.order_name for each in again.refunds] == ["#2", "#3"]


def test_a_span_begins_a_little_early_and_ends_where_it_is_told(store: ShopifyStore, emulator: Emulator) -> None:
    """What changed just before the span is read too; what changed after its end is not."""
    at = datetime(2026, 11, 10, 10, tzinfo=UTC)
    emulator.put(order(1, refund(1)), order(2, refund(2), updatedAt="2026-11-12T10:00:00Z"))
    page = store.changed(since=at + OVERLAP / 2, until=at + timedelta(days=1))
    assert [each.order_name for each in page.refunds] == ["#1"]


def test_an_empty_span_goes_on_from_where_it_began(store: ShopifyStore, emulator: Emulator) -> None:
    """Where nothing changed, the cursor misses nothing that changes later."""
    page = store.changed(since=SINCE)
    assert (page.refunds, page.has_more) == ((), False)
    emulator.put(order(1, refund(1)))
    assert len(store.changed(since=SINCE, cursor=page.cursor).refunds) == 1


def test_a_foreign_cursor_is_refused(store: ShopifyStore) -> None:
    """A cursor that is none of ours is told, not guessed at."""
    with pytest.raises(StoreError) as refused:
        store.changed(since=SINCE, cursor="bm90IG91cnM=")
    assert refused.value.finding.code == "cursor_unknown"


def test_the_ledger_is_fetched_where_only_it_can_tell(store: ShopifyStore, emulator: Emulator) -> None:
    """A tax-included refund whose money does not tell is decided by the order's agreements, in one more call."""
    ledger = [
        {"refund": {"id": 8}, "sales": [{"lineType": "PRODUCT", "totalAmount": "-1.00"}]},
        {"refund": {"id": 1}, "sales": [{"lineType": "PRODUCT", "totalAmount": "-10.00"}]},
    ]
    part = refund(1, transactions=[{"amountSet": "7.00"}])
    emulator.put(order(31, part, taxesIncluded=True, agreements=ledger))
    (read,) = store.orders(["31"]).refunds
    assert read.refund is not None, read.findings
    assert read.refund.lines[0].credited.text == "9.20"
    assert emulator.calls() == 3


def test_a_refund_that_cannot_be_read_does_not_hide_the_others(store: ShopifyStore, emulator: Emulator) -> None:
    """One refund in another currency is held with a finding; its neighbour is read."""
    odd = refund(2, transactions=[{"amountSet": {"shopMoney": {"amount": "1.00", "currencyCode": "EUR"}}}])
    emulator.put(order(41, refund(1), odd))
    first, second = store.orders(["41"]).refunds
    assert first.refund is not None
    assert second.refund is None
    assert second.findings[0].where == "transactions[0].amountSet"
    assert '"amount": "1.00"' in second.raw


def test_an_old_order_is_hidden_without_its_scope(store: ShopifyStore, emulator: Emulator) -> None:
    """Without read_all_orders an order of more than 60 days ago is not found, and the check warns of it."""
    emulator.put(order(51, refund(1), createdAt="2020-01-01T00:00:00Z"))
    assert len(store.orders(["51"]).refunds) == 1
    emulator.control("POST", "shop", {"scopes": ["read_orders", "read_returns"]})
    assert store.orders(["51"]).problems[0].finding.code == "order_not_found"
    assert [each.code for each in store.check() if each.severity is Severity.WARNING] == ["store_old_orders_hidden"]


def test_a_missing_scope_is_named(store: ShopifyStore, emulator: Emulator) -> None:
    """Without read_returns the check and the reading both say so."""
    emulator.put(order(61, refund(1)))
    emulator.control("POST", "shop", {"scopes": ["read_orders", "read_all_orders"]})
    assert [each.code for each in store.check() if each.severity is Severity.ERROR] == ["store_scope_missing"]
    with pytest.raises(StoreError, match="read_returns") as refused:
        store.orders(["61"])
    assert refused.value.finding.code == "store_scope_missing"


def test_a_good_connection_is_told(store: ShopifyStore, emulator: Emulator) -> None:
    """The check names the shop and the scopes, and finds nothing wrong."""
    assert {each.severity for each in store.check()} == {Severity.INFO}
    assert emulator.calls() == 1
