"""The behaviours of NetSuite that break a synchronisation of refunds, in order: one test each, told by its name."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import urllib3

if TYPE_CHECKING:
    from contract.client import NetSuite, Reply
    from contract.shop import Shop

Line = Any
D = Decimal
NO_END = "You cannot edit the end of group line. You must delete the group."


def refund(net: NetSuite, sale: str, *lines: Any, **more: Any) -> Reply:
    """Transform a cash sale into a cash refund of just these lines, or of all."""
    where = f"cashSale/{sale}/!transform/cashRefund"
    if not lines:
        return net.post(where, more)
    return net.post(f"{where}?replace=item", {"item": {"items": list(lines)}, **more})


def total(net: NetSuite, reply: Reply, kind: str = "cashRefund") -> Decimal:
    return net.read(f"{kind}/{reply.id}")["total"]


def refunds_of(net: NetSuite, shop: Shop) -> list[dict[str, str]]:
    return net.rows(f"SELECT id FROM transaction WHERE type = 'CashRfnd' AND entity = {shop.customer}")


@pytest.mark.stamp("documented")
def test_01_lost_response_after_commit_duplicates_unless_an_external_id_guards(
    net: NetSuite, shop: Shop, line: Line
) -> None:
    """The answer to a write is lost: sent again it stands twice, but once where both carry one external id."""
    sale = shop.sale(line(shop.card, 5, 3))
    for guard, refused in (({}, None), ({"externalId": "cp-9-cr"}, "This record already exists")):
        before = len(refunds_of(net, shop))
        net.control("POST", "faults", [{"when": "create cashRefund", "do": "commit then drop"}])
        with pytest.raises(urllib3.exceptions.HTTPError):
            refund(net, sale, {"orderLine": 1, "quantity": 1}, **guard)
        again = refund(net, sale, {"orderLine": 1, "quantity": 1}, **guard)
        assert (again.status == 400) is (refused is not None)
        assert len(refunds_of(net, shop)) - before == (1 if refused else 2)
    assert "This record already exists" in again.detail
    assert net.get("cashRefund/eid:CP-9-CR").status == 200


@pytest.mark.stamp("documented")
def test_02_partial_transform_without_replace_or_order_line_over_credits_silently(
    net: NetSuite, shop: Shop, line: Line
) -> None:
    """Of 10.00 and 40.00 the 10.00 is meant: without replace all comes back, without orderLine it is added on top."""
    sale = shop.sale(line(shop.card, 10), line(shop.tray, 40))
    transform = f"cashSale/{sale}/!transform/cashRefund"
    meant = [{"orderLine": 1, "quantity": 1}]
    assert total(net, net.post(f"{transform}?replace=item", {"item": {"items": meant}})) == 10
    assert total(net, net.post(transform, {"item": {"items": meant}})) == 50
    assert total(net, net.post(transform, {"item": {"items": [line(shop.card, 10)]}})) == 60


@pytest.mark.stamp("documented")
def test_03_tax_is_recalculated_on_a_partial_line_unless_overridden(net: NetSuite, shop: Shop, line: Line) -> None:
    """A third of 0.82 of tax is 0.27 each time; details override it; grossAmt works the amount out since 2026.1."""
    code = {"taxCode": {"id": shop.tax}}
    sale = shop.sale(line(shop.card, "9.99", 3, **code))
    third = {"orderLine": 1, "quantity": 1}
    taxes = [net.read(f"cashRefund/{refund(net, sale, third).id}")["taxTotal"] for _ in range(3)]
    assert sum(taxes) == D("0.81") != net.read(f"cashSale/{sale}")["taxTotal"]
    detail = {"taxType": {"id": shop.tax_type}, "taxRate": D("8.25"), "taxBasis": D("3.33"), "taxAmount": D("0.28")}
    lines = [{**third, "taxDetailsReference": "L1"}]
    details = {"items": [{**detail, **code, "taxDetailsReference": "L1"}]}
    made = refund(net, sale, *lines, taxDetailsOverride=True, taxDetails=details)
    assert total(net, made) == D("3.61")
    made = refund(net, sale, {**third, "grossAmt": D("3.61")})
    shown = net.read(f"cashRefund/{made.id}")["item"]["items"][0]
    assert (shown["amount"], shown["tax1Amt"]) == (D("3.33"), D("0.28"))


@pytest.mark.stamp("documented")
def test_04_rate_is_repriced_unless_the_price_level_is_custom(net: NetSuite, shop: Shop) -> None:
    """A rate of 5.00 for an item priced at 9.00 is forgotten, unless the price level is -1."""
    cup = net.make("nonInventorySaleItem", itemId="CUP", basePrice=9)
    sale = shop.sale({"item": {"id": cup}, "quantity": 1})
    rates = [
        total(net, refund(net, sale, {"orderLine": 1, "quantity": 1, "rate": 5, **price}))
        for price in ({}, {"price": {"id": "-1"}})
    ]
    assert rates == [9, 5]


@pytest.mark.stamp("documented")
def test_05_shipping_is_copied_whole_by_every_transform(net: NetSuite, shop: Shop, line: Line) -> None:
    """Two partial refunds give shipping back twice, unless it is set; a return authorization has no such field."""
    sale = shop.sale(line(shop.card, 10, 2), shippingCost=5)
    one = {"orderLine": 1, "quantity": 1}
    assert [total(net, refund(net, sale, one)) for _ in range(2)] == [10, 10]
    assert total(net, refund(net, sale, one, shippingCost=0)) == 5
    authorization = f"cashSale/{sale}/!transform/returnAuthorization"
    refused = net.post(authorization, {"shippingCost": 5}, X_NetSuite_PropertyNameValidation="Error")
    assert (refused.status, refused.path) == (400, "shippingCost")


@pytest.mark.stamp("verified: noted by integrators of NetSuite")
def test_06_percentage_discounts_apply_again_on_partial_lines(net: NetSuite, shop: Shop, line: Line) -> None:
    """Ten percent off comes off what is refunded, whether it stands on the header or on a line below the goods."""
    header = shop.sale(line(shop.card, 100), line(shop.card, 50), discountItem={"id": shop.discount})
    assert total(net, refund(net, header, {"orderLine": 2})) == 45
    below = shop.sale(line(shop.card, 100, 2), {"item": {"id": shop.discount}})
    assert total(net, refund(net, below, {"orderLine": 1, "quantity": 1}, {"orderLine": 2})) == 45
    assert total(net, refund(net, below, {"orderLine": 1, "quantity": 1})) == 50


@pytest.mark.stamp("verified: text quoted by Oracle's connector")
def test_07_kits_are_one_line_and_groups_end_with_a_line_nobody_edits(net: NetSuite, shop: Shop) -> None:
    """A kit is refunded as one line; a group came apart when sold, and its end cannot be changed."""
    member = {"items": [{"item": {"id": shop.tray}, "quantity": 2}]}
    kit = net.make("kitItem", itemId="KIT", member=member)
    sale = shop.sale({"item": {"id": kit}, "quantity": 1, "amount": 60})
    made = refund(net, sale, {"orderLine": 1, "quantity": 1})
    assert [one["itemType"]["id"] for one in net.read(f"cashRefund/{made.id}")["item"]["items"]] == ["Kit"]
    assert net.on_hand(shop.tray) == 10
    group = net.make("itemGroup", itemId="GROUP", member=member)
    sale = shop.sale({"item": {"id": group}, "quantity": 1})
    kinds = [one["itemType"]["id"] for one in net.read(f"cashSale/{sale}")["item"]["items"]]
    assert kinds == ["Group", "InvtPart", "EndGroup"]
    assert NO_END in net.patch(f"cashSale/{sale}", {"item": {"items": [{"line": 3, "amount": 1}]}}).detail


@pytest.mark.stamp("verified: quoted from live accounts by expense integrations")
def test_08_closed_and_locked_periods_against_two_preferences(net: NetSuite, shop: Shop, line: Line) -> None:
    """An A/R lock alone refuses a date; with Allow it goes to the first open period, or to the current one."""
    net.control("POST", "clock", {"now": "2026-03-10T12:00:00Z"})
    january = net.rows("SELECT id FROM accountingperiod WHERE periodname = 'Jan 2026'")[0]["id"]
    sale = shop.sale(line(shop.card, 5, 3))
    net.patch(f"accountingPeriod/{january}", {"arLocked": True})
    words = "The transaction date you specified is not within the date range of your accounting period."
    assert words in refund(net, sale, tranDate="2026-01-20").detail
    posted = []
    for default in ("First Open", "Current"):
        net.control("POST", "preferences", {"date_outside_period": "Allow", "closed_period_default": default})
        made = refund(net, sale, {"orderLine": 1, "quantity": 1}, tranDate="2026-01-20").id
        posted.append(net.read(f"cashRefund/{made}")["postingPeriod"]["refName"])
    assert posted == ["Feb 2026", "Mar 2026"]
    assert "closed period" in refund(net, sale, tranDate="2026-01-20", postingPeriod={"id": january}).detail


@pytest.mark.stamp("verified: texts of live accounts, matched by a public integration")
def test_09_inactive_or_foreign_records_are_invalid_reference_keys(net: NetSuite, shop: Shop, line: Line) -> None:
    """A copied line of an inactive item, another subsidiary, a currency the customer has not: each is a wrong key."""
    sale = shop.sale(line(shop.card, 5))
    net.patch(f"nonInventorySaleItem/{shop.card}", {"isInactive": True})
    assert f"Invalid item reference key {shop.card}." in refund(net, sale).detail
    net.patch(f"nonInventorySaleItem/{shop.card}", {"isInactive": False})
    net.patch(f"customer/{shop.customer}", {"currency": net.currency("USD")})
    euro = net.currency("EUR")
    said = refund(net, sale, currency=euro).detail
    assert f"Invalid currency reference key {euro['id']} for entity {shop.customer}." in said
    net.control("GET", "preferences")
    other = net.make("subsidiary", name="Other")
    net.patch(f"nonInventorySaleItem/{shop.card}", {"subsidiary": {"items": [{"id": other}]}})
    assert f"Invalid item reference key {shop.card} for subsidiary" in refund(net, sale).detail
    assert refunds_of(net, shop) == []


@pytest.mark.stamp("documented")
def test_10_exchange_rate_defaults_to_the_refunds_day(net: NetSuite, shop: Shop, line: Line) -> None:
    """A memo takes the rate of its own day, not its invoice's; applied to it, the difference is realised."""
    euro = {"currency": net.currency("EUR")}
    invoice = shop.sale(line(shop.card, 100), kind="invoice", exchangeRate=D("1.05"), **euro)
    memo = net.post(f"invoice/{invoice}/!transform/creditMemo", {"account": {"id": net.account("1100")}}).id
    days = net.read(f"creditMemo/{memo}")["exchangeRate"]
    assert days != D("1.05")
    own = net.rows(f"SELECT nextdoc FROM NextTransactionLink WHERE previousdoc = {memo} AND nexttype = 'FxReval'")
    difference = (days - D("1.05")) * 100
    assert net.ledger(own[0]["nextdoc"]) == {"7950": -difference, "1100": difference}


@pytest.mark.emulated("numbered items need a feature that not every account has")
@pytest.mark.stamp("documented")
def test_11_numbered_goods_need_their_detail_and_stock_can_come_back_twice(
    net: NetSuite, shop: Shop, line: Line
) -> None:
    """A serial number must be named anew; a receipt of the return and a refund of the sale restock both."""
    phone = net.make("serializedInventoryItem", itemId="PHONE")
    number = {"inventoryDetail": {"inventoryAssignment": {"items": [{"receiptInventoryNumber": "P1", "quantity": 1}]}}}
    units = {"item": {"id": phone}, "adjustQtyBy": 1, "unitCost": 9, **number}
    net.make("inventoryAdjustment", account={"id": net.account("5900")}, inventory={"items": [units]})
    assigned = {"issueInventoryNumber": {"refName": "P1"}, "quantity": 1}
    went = {"inventoryDetail": {"inventoryAssignment": {"items": [assigned]}}}
    sale = shop.sale(line(phone, 99, **went))
    assert "Please configure the inventory detail for this line." in refund(net, sale).detail

    sale = shop.sale(line(shop.tray, 40))
    assert net.on_hand(shop.tray) == 9
    authorization = f"cashSale/{sale}/!transform/returnAuthorization"
    returned = net.post(authorization, {"orderStatus": {"id": "B"}}).id
    assert net.post(f"returnAuthorization/{returned}/!transform/itemReceipt", {}).status == 204
    assert refund(net, sale).status == 204
    assert net.on_hand(shop.tray) == 11


@pytest.mark.stamp("documented")
def test_12_an_unbilled_order_has_nothing_to_transform(net: NetSuite, shop: Shop, line: Line) -> None:
    """An order becomes neither a cash refund nor a memo; what was paid on it is a deposit, and that is refunded."""
    order = shop.sale(line(shop.card, 10), kind="salesOrder")
    for target in ("cashRefund", "creditMemo", "customerDeposit"):
        assert net.post(f"salesOrder/{order}/!transform/{target}", {}).status == 400
    cash = {"account": {"id": shop.clearing}}
    deposit = net.make("customerDeposit", customer={"id": shop.customer}, payment=10, salesOrder={"id": order}, **cash)
    assert net.post(f"customerDeposit/{deposit}/!transform/customerRefund", cash).status == 204
    assert net.read(f"customerDeposit/{deposit}")["amountRemaining"] == 0


@pytest.mark.stamp("chosen")
def test_13_refunds_beyond_the_sale_pass_and_auto_apply_eats_another_invoice(
    net: NetSuite, shop: Shop, line: Line
) -> None:
    """Nothing stops a second whole refund of one sale; a memo left to autoApply settles the oldest open invoice."""
    sale = shop.sale(line(shop.card, 10))
    assert [refund(net, sale).status for _ in range(2)] == [204, 204]
    oldest = shop.sale(line(shop.card, 30), kind="invoice")
    memo = {"entity": {"id": shop.customer}, "item": {"items": [line(shop.adjust, 8)]}}
    net.make("creditMemo", autoApply=True, **memo)
    assert net.read(f"invoice/{oldest}")["amountRemaining"] == 22
    net.make("creditMemo", autoApply=False, **memo)
    assert net.read(f"invoice/{oldest}")["amountRemaining"] == 22


@pytest.mark.stamp("verified: quoted from live accounts by a public connector")
def test_14_workflow_locks_and_concurrent_edits_refuse_a_write(net: NetSuite, shop: Shop, line: Line) -> None:
    """A locked sale is not refunded; one that somebody saves meanwhile is refused once, and then refunded as it is."""
    sale = shop.sale(line(shop.card, 10))
    lock = {"type": "cashSale", "id": sale}
    net.control("POST", "workflow-locks", lock | {"locked": True})
    assert "This record has been locked by a user defined workflow." in refund(net, sale).detail
    net.control("POST", "workflow-locks", lock | {"locked": False})
    change = {"item": {"items": [{"line": 1, "amount": 12}]}}
    net.control("POST", "edit-meanwhile", lock | {"body": change})
    assert "Record has been changed" in refund(net, sale).detail
    assert total(net, refund(net, sale)) == 12
    assert len(refunds_of(net, shop)) == 1


@pytest.mark.stamp("documented")
def test_15_others_use_up_the_limit_accepted_is_not_done_and_a_batch_fails_in_part(
    net: NetSuite, shop: Shop, line: Line
) -> None:
    """429 has no Retry-After; a 202 hides a refusal in its job; of a batch one record stands and another does not."""
    sale = shop.sale(line(shop.card, 10))
    net.control("POST", "governance", {"taken_by_others": 5})
    refused = refund(net, sale)
    assert (refused.status, "Retry-After" in refused.headers) == (429, False)
    net.control("POST", "governance", {"taken_by_others": 0})
    assert refunds_of(net, shop) == []

    later = {"Prefer": "respond-async"}
    accepted = net.post(f"cashSale/{sale}/!transform/cashRefund", {"memo": 7, "item": {"items": "none"}}, **later)
    assert (accepted.status, results(net, accepted), refunds_of(net, shop)) == (202, [400], [])

    memo = {"entity": {"id": shop.customer}, "item": {"items": [line(shop.adjust, 8)]}}
    collection = "application/vnd.oracle.resource+json; type=collection"
    batch = net.post("creditMemo", {"items": [memo, memo | {"item": {"items": []}}]}, Content_Type=collection, **later)
    assert (batch.status, sorted(results(net, batch))) == (202, [204, 400])
    assert len(net.rows(f"SELECT id FROM transaction WHERE type = 'CustCred' AND entity = {shop.customer}")) == 1


def results(net: NetSuite, accepted: Reply) -> list[int]:
    """The statuses of a job's tasks, asked for one at a time."""
    job = accepted.headers["Location"].removeprefix(net.url)
    tasks = net.call("GET", f"{job}/task").json["items"]
    links = [link["href"].removeprefix(net.url) for task in tasks for link in task["links"]]
    return [net.call("GET", f"{link}/result").status for link in links]


@pytest.mark.stamp("documented")
def test_16_external_ids_are_one_namespace_of_all_transactions_in_any_case(
    net: NetSuite, shop: Shop, line: Line
) -> None:
    """The id of a sale is taken for its refund too, in any case of letters; other characters are refused."""
    name = net.own("Order-7")
    sale = shop.sale(line(shop.card, 10), externalId=name)
    assert "This record already exists" in refund(net, sale, externalId=name.upper()).detail
    assert refund(net, sale, externalId="order|7").path == "externalId"
    assert refund(net, sale, externalId=f"{name}_CR").status == 204


@pytest.mark.stamp("documented")
def test_17_unknown_names_are_dropped_with_a_warning_unless_errors_are_asked_for(
    net: NetSuite, shop: Shop, line: Line
) -> None:
    """A misspelt `quantitty` refunds the whole line, and only a header tells; with Error nothing is written."""
    sale = shop.sale(line(shop.card, 10, 2))
    misspelt = {"orderLine": 1, "quantitty": 1}
    made = refund(net, sale, misspelt)
    assert "item.items[0].quantitty" in made.headers["X-NetSuite-PropertyValidation"]
    assert total(net, made) == 10
    transform = f"cashSale/{sale}/!transform/cashRefund?replace=item"
    refused = net.post(transform, {"item": {"items": [misspelt]}}, X_NetSuite_PropertyNameValidation="Error")
    assert (refused.status, refused.path) == (400, "item.items[0].quantitty")
    assert len(refunds_of(net, shop)) == 1


@pytest.mark.stamp("chosen")
def test_18_a_gateway_moves_the_money_a_second_time(net: NetSuite, shop: Shop, line: Line) -> None:
    """The shop has paid: PROCESS pays again, SAVE_ONLY does not, and the ledger tells no difference."""
    assert net.control("GET", "gateway").json == []
    sale = shop.sale(line(shop.card, 10, 2))
    one = {"orderLine": 1, "quantity": 1}
    cash = {"account": {"id": shop.clearing}}
    saved = refund(net, sale, one, handlingMode="SAVE_ONLY", **cash).id
    assert net.control("GET", "gateway").json == []
    processed = refund(net, sale, one, handlingMode="PROCESS", **cash).id
    (moved,) = net.control("GET", "gateway").json
    assert (moved["transaction"], moved["direction"], moved["amount"]) == (processed, "refund", 5)
    assert net.ledger(saved) == net.ledger(processed)


@pytest.mark.stamp("documented")
def test_19_gift_certificates_have_fields_of_their_own_and_store_credit_stays_unapplied(
    net: NetSuite, shop: Shop, line: Line
) -> None:
    """A certificate has no external id; store credit of an invoice is a memo that nothing is set against."""
    account = net.make("account", acctNumber="2300", acctName="Gift cards", acctType={"id": "OthCurrLiab"})
    gift = net.make("giftCertificateItem", itemId="GIFT", liabilityAccount={"id": account})
    people = {"giftCertFrom": "Ada", "giftCertRecipientName": "Bob", "giftCertRecipientEmail": "bob@example.com"}
    sale = shop.sale(line(gift, 50, **people))
    code = net.read(f"cashSale/{sale}")["item"]["items"][0]["giftCertNumber"]
    found = net.rows(f"SELECT id FROM giftcertificate WHERE giftcertcode = '{code}'")
    assert "externalId" not in net.read(f"giftCertificate/{found[0]['id']}")
    assert net.ledger(sale) == {"1090": D(50), "2300": D(-50)}

    invoice = shop.sale(line(shop.card, 10), kind="invoice")
    assert net.post(f"invoice/{invoice}/!transform/customerPayment", {"account": {"id": shop.clearing}}).status == 204
    memo = net.post(f"invoice/{invoice}/!transform/creditMemo", {"autoApply": False}).id
    shown = net.read(f"creditMemo/{memo}")
    assert (shown["unapplied"], shown["status"]["id"]) == (10, "A")


@pytest.mark.stamp("documented")
def test_20_each_accounting_book_has_a_rate_and_dimensions_can_be_mandatory(
    net: NetSuite, shop: Shop, line: Line
) -> None:
    """A second book keeps the refund at its own rate; without what is mandatory no refund is kept at all."""
    net.control("GET", "preferences")
    book = net.make("accountingBook", name="IFRS", currency=net.currency("EUR"))
    sale = shop.sale(line(shop.card, 10))
    detail = {"accountingBookDetail": {"items": [{"accountingBook": {"id": book}, "exchangeRate": D("0.8")}]}}
    made = refund(net, sale, **detail).id
    entries = net.rows(
        "SELECT accountingbook, SUM(debit) AS debit FROM transactionaccountingline"
        f" WHERE transaction = {made} GROUP BY accountingbook ORDER BY accountingbook"
    )
    assert [(row["accountingbook"], D(row["debit"])) for row in entries] == [("1", D(10)), (book, D(8))]
    for plural, label in (("locations", "Location"), ("departments", "Department"), ("classes", "Class")):
        net.control("POST", "preferences", {f"make_{plural}_mandatory": True})
        assert f"Please enter value(s) for: {label}" in refund(net, sale).detail
        net.control("POST", "preferences", {f"make_{plural}_mandatory": False})


@pytest.mark.stamp("verified: read in public code that works with live accounts")
def test_21_suiteql_answers_strings_without_nulls_signs_turned_and_dates_as_preferred(
    net: NetSuite, shop: Shop, line: Line
) -> None:
    """Every value is a string, an empty one is missing, goods sold are negative, a date is in the account's form."""
    sale = shop.sale(line(shop.card, "10.50", 2))
    asked = "foreigntotal, memo, trandate, TO_CHAR(trandate, 'YYYY-MM-DD') AS day"
    (head,) = net.rows(f"SELECT {asked} FROM transaction WHERE id = {sale}")
    assert (head["foreigntotal"], "memo" in head) == ("10.5", False)
    parts = {part.zfill(2) for part in head["trandate"].split("/")}
    assert (parts, "-" in head["trandate"]) == (set(head["day"].split("-")), False)
    (sold,) = net.rows(
        f"SELECT quantity, foreignamount FROM transactionline WHERE transaction = {sale} AND mainline = 'F'"
    )
    assert (sold["quantity"], sold["foreignamount"]) == ("-2", "-10.5")


@pytest.mark.stamp("documented")
def test_22_a_refunded_credit_memo_cannot_be_deleted(net: NetSuite, shop: Shop, line: Line) -> None:
    """Once it is paid out, a memo stays; a correction is a new document."""
    memo = net.make("creditMemo", entity={"id": shop.customer}, item={"items": [line(shop.adjust, 8)]})
    cash = {"account": {"id": shop.clearing}}
    paid = net.post(f"creditMemo/{memo}/!transform/customerRefund", cash).id
    refused = net.delete(f"creditMemo/{memo}")
    assert refused.status == 400
    assert net.read(f"customerRefund/{paid}")["tranId"] in refused.detail
    assert net.read(f"creditMemo/{memo}")["total"] == 8
