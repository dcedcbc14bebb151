"""What can be wrong on the way of a refund: each a sentence with what to do; nothing lost, nothing doubled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from typing import Any

import pytest
from world import World, bill, order, refund, to

LAMP = [("LAMP", 1, "100.00", "8.25")]


def _lamp(number: int, *refunds: dict[str, Any], **more: Any) -> dict[str, Any]:
    return order(number, LAMP, list(refunds), paid="108.25", **more)


def _lamp_sale(number: int) -> tuple[str, dict[str, Any]]:
    return bill("cashSale", f"#{number}", [("LAMP", 1, "100.00", "8.25")])


def _full(number: int, **more: Any) -> dict[str, Any]:
    return refund(number, [(0, 1, "100.00", "8.25")], paid="108.25", **more)


def _only_problem(world: World, *call: str) -> dict[str, str]:
    said = world.json(*call, code=1)
    assert len(said["problems"]) == 1, said
    return said["problems"][0]


def test_unknown_order_is_a_problem_with_a_fix(world: World) -> None:
    """An order the shop does not have is named, with what to do."""
    problem = _only_problem(world, "retrieve", "shop", "--order", "#9999")

    assert problem["code"] == "order_not_found"
    assert "9999" in problem["message"]
    assert problem["fix"]


def test_order_without_refunds_is_a_problem(world: World) -> None:
    """An order that was never refunded gives no refund, and says so."""
    world.shop.ask("POST", "orders", [_lamp(3001)])

    assert _only_problem(world, "retrieve", "shop", "--order", "3001")["code"] == "order_has_no_refunds"


def test_one_bad_order_keeps_no_other_from_coming(world: World) -> None:
    """Of two orders asked for, the one that exists comes; the other is a problem; the exit code says so."""
    world.shop.ask("POST", "orders", [_lamp(3001, _full(30011))])
    world.seed(_lamp_sale(3001))

    said = world.json("retrieve", "shop", "--order", "#3001", "--order", "#9999", code=1)

    assert [one["status"] for one in said["refunds"]] == ["ready"]
    assert [one["code"] for one in said["problems"]] == ["order_not_found"]


def test_pending_refund_waits_and_is_not_posted(world: World) -> None:
    """Money still on its way is waited for; a post sends nothing; once it moved, the refund can be posted."""
    pending = _full(30011, status="PENDING", adjustment="108.25")
    world.shop.ask("POST", "orders", [_lamp(3001, pending)])
    world.seed(_lamp_sale(3001))
    found = world.refund("#3001")

    assert (found["status"], found["reason"]) == ("waiting", "refund_pending")
    assert _only_problem(world, "post", str(found["id"]))["code"] == "refund_pending"
    assert not world.ours()

    world.shop.ask("POST", "orders", [_lamp(3001, _full(30011))])
    again = world.refund("#3001")
    assert (again["id"], again["status"]) == (found["id"], "ready")


def test_order_that_netsuite_does_not_have_waits(world: World) -> None:
    """An order that is not in NetSuite is waited for, with the words to look for it by."""
    world.shop.ask("POST", "orders", [_lamp(3001, _full(30011))])
    found = world.refund("#3001")

    assert (found["status"], found["reason"]) == ("waiting", "order_not_in_netsuite")
    assert "#3001" in found["findings"][0]["message"]


def test_unbilled_order_waits_until_it_is_billed(world: World) -> None:
    """A sales order without a bill is waited for; once billed, the same refund is ready."""
    world.shop.ask("POST", "orders", [_lamp(3001, _full(30011))])
    _, body = _lamp_sale(3001)
    body = {name: value for name, value in body.items() if name != "account"} | {"externalId": "so-3001"}
    world.seed(("salesOrder", body))
    found = world.refund("#3001")
    assert (found["status"], found["reason"]) == ("waiting", "not_billed")

    world.seed(_lamp_sale(3001))
    problem = _only_problem(world, "post", str(found["id"]))
    assert problem["code"] == "order_ambiguous"


def test_refund_booked_by_hand_is_found_and_held(world: World) -> None:
    """A cash refund that someone made in NetSuite counts: ours is held and names it; nothing is doubled."""
    world.shop.ask("POST", "orders", [_lamp(3001, _full(30011))])
    (sale,) = world.seed(_lamp_sale(3001))
    by_hand = {"createdFrom": {"id": sale}, "externalId": "by-hand"}
    _transform(world, f"cashSale/{sale}/!transform/cashRefund", by_hand)
    found = world.refund("#3001", code=1)

    assert found["status"] == "needs_attention"
    assert found["findings"][0]["code"] == "more_than_remains"
    number = world.query("SELECT tranid FROM transaction WHERE externalid = 'by-hand'")[0]["tranid"]
    assert number in found["findings"][0]["message"]
    world.json("post", str(found["id"]), code=1)
    assert not world.ours()


def test_item_that_the_bill_does_not_have_is_held(world: World) -> None:
    """A SKU that NetSuite knows by another name is held, says how to name it, and is ready once named."""
    world.shop.ask("POST", "orders", [order(3001, [("LAMP-OLD", 1, "100.00", "8.25")], [_full(30011)], paid="108.25")])
    world.seed(_lamp_sale(3001))
    found = world.refund("#3001", code=1)
    assert found["findings"][0]["code"] == "item_not_on_bill"
    assert "LAMP-OLD" in found["findings"][0]["message"]

    assert world.contrapost("accounts", "set", "shop", "--set", "sku.LAMP-OLD=LAMP").code == 0
    assert world.json("preview", str(found["id"]))["refund"]["status"] == "ready"


def test_gateway_without_a_cash_account_is_held(world: World) -> None:
    """There is no default cash account: an unnamed gateway is held with the setting to make."""
    world.shop.ask("POST", "orders", [_lamp(3001, _full(30011, gateway="klarna"))])
    world.seed(_lamp_sale(3001))
    found = world.refund("#3001", code=1)

    assert found["findings"][0]["code"] == "cash_account_not_mapped"
    assert "cash_account.klarna" in found["findings"][0]["fix"]


@pytest.mark.parametrize("fault", ["503", "drop", "garbage"])
def test_netsuite_down_loses_nothing(world: World, fault: str) -> None:
    """While NetSuite is away the refund is kept and waits; later it is ready."""
    world.shop.ask("POST", "orders", [_lamp(3001, _full(30011))])
    world.seed(_lamp_sale(3001))
    world.books.ask("POST", "faults", [{"when": "suiteql", "nth": 1, "times": 50, "do": fault}])

    said = world.json("retrieve", "shop", "--order", "#3001", code=1)
    assert said["refunds"][0]["status"] in {"waiting", "needs_attention"}
    assert said["problems"][0]["fix"]

    world.books.ask("DELETE", "faults")
    assert world.json("preview", str(said["refunds"][0]["id"]))["refund"]["status"] == "ready"


@pytest.mark.parametrize("fault", ["503", "drop", "garbage"])
def test_store_down_is_said(world: World, fault: str) -> None:
    """While the shop is away the retrieve says so, and nothing is kept by halves."""
    world.shop.ask("POST", "orders", [_lamp(3001, _full(30011))])
    world.shop.ask("POST", "faults", [{"when": "graphql", "nth": 1, "times": 50, "do": fault}])

    problem = _only_problem(world, "retrieve", "shop", "--order", "#3001")

    assert problem["message"]
    assert problem["fix"]
    assert world.json("list")["refunds"] == []


def test_wrong_secrets_are_said_and_never_shown(world: World) -> None:
    """A wrong client secret and a wrong private key: each is said, neither is in any output."""
    said = world.contrapost("accounts", "set", "shop", "--set", "client_secret=shpss_wrong", "--set", "access_token=")
    assert said.code == 1
    assert "shpss_wrong" not in said.out + said.err

    said = world.contrapost("netsuite", "set", "books", "--set", "private_key=no key at all")
    assert said.code == 1
    assert "private key" in (said.out + said.err).lower()
    assert "no key at all" not in said.out + said.err

    assert world.contrapost("doctor").code == 1


def test_certificate_that_netsuite_does_not_know_is_said(world: World) -> None:
    """A certificate id that is not mapped: NetSuite lets nobody in, and doctor says what to check."""
    said = world.json("netsuite", "set", "books", "--set", "certificate_id=another", code=1)

    assert said["findings"][0]["code"] == "netsuite_sign_in_refused"


def test_missing_settings_save_nothing(world: World) -> None:
    """An account without its secrets is not saved, and the sentence names what is missing."""
    said = world.contrapost("netsuite", "add", "other", "--set", "account_id=1234567")

    assert said.code == 1
    assert "client_id" in said.err
    assert [one["name"] for one in world.json("netsuite", "list")] == ["books"]


def test_odd_setting_is_refused_with_what_is_expected(world: World) -> None:
    """A policy that there is not is refused, and the old one stays."""
    said = world.contrapost("accounts", "set", "shop", "--set", "restock=sometimes")

    assert said.code == 1
    assert "as_store" in said.err


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("refundLineItems", "nodes", 0, "quantity"), -1),
        (("refundLineItems", "nodes", 0, "subtotalSet"), {"shopMoney": {"amount": "100.00", "currencyCode": "EUR"}}),
        (("transactions", "nodes", 0, "amountSet"), {"shopMoney": {"amount": "12.345", "currencyCode": "USD"}}),
    ],
)
def test_odd_payload_is_kept_and_held(world: World, place: tuple[Any, ...], value: object) -> None:
    """A payload with an odd field is kept and held with the place of the oddity; nothing is posted."""
    odd = _full(30011)
    part: Any = odd
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    world.seed(_lamp_sale(3001))
    world.shop.ask("POST", "orders", [_lamp(3001, odd)])
    said = world.json("retrieve", "shop", "--order", "#3001", code=1)

    assert said["refunds"][0]["status"] == "needs_attention"
    assert said["refunds"][0]["findings"]
    world.json("post", str(said["refunds"][0]["id"]), code=1)
    assert not world.ours()


def test_two_posts_at_once_write_one_record(world: World) -> None:
    """Two processes post the same refund at the same time: one record stands, and both say posted."""
    world.shop.ask("POST", "orders", [_lamp(3001, _full(30011))])
    world.seed(_lamp_sale(3001))
    id_ = str(world.refund("#3001")["id"])
    world.books.ask("POST", "faults", [{"when": "create cashRefund", "nth": 1, "times": 1, "do": "slow 1500"}])
    environment = {**os.environ, "CONTRAPOST_HOME": str(world.home)}
    call = [sys.executable, "-c", "from contrapost.cli import main; main()", "post", id_, "--json"]

    both = [subprocess.Popen(call, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [json.loads(one.communicate(timeout=90)[0]) for one in both]

    assert [one["refunds"][0]["status"] for one in said] == ["posted", "posted"]
    assert len(world.ours()) == 1


def test_retrieving_twice_keeps_one(world: World) -> None:
    """The same order retrieved twice is the same refund."""
    world.shop.ask("POST", "orders", [_lamp(3001, _full(30011))])
    world.seed(_lamp_sale(3001))

    assert world.refund("#3001")["id"] == world.refund("3001")["id"]
    assert len(world.json("list")["refunds"]) == 1


def _period_of(world: World, found: Any) -> Any:
    """The month in which a refund is to be booked, by the day of the shop, which may be another one than here."""
    day = world.json("preview", str(found["id"]))["records"][0]["fields"]["tranDate"]
    return world.query(
        "SELECT id, TO_CHAR(enddate, 'YYYY-MM-DD') AS enddate FROM accountingperiod WHERE isquarter = 'F' "
        f"AND isyear = 'F' AND startdate <= TO_DATE('{day}', 'YYYY-MM-DD') "
        f"AND enddate >= TO_DATE('{day}', 'YYYY-MM-DD')"
    )[0]


def test_refused_refund_is_posted_once_the_cause_is_mended(world: World) -> None:
    """NetSuite refuses, in its own words beside ours; mended, the refund is posted under its next revision."""
    world.shop.ask("POST", "orders", [_lamp(3001, _full(30011))])
    world.seed(_lamp_sale(3001))
    found = world.refund("#3001")
    period = _period_of(world, found)["id"]
    _patch(world, f"accountingPeriod/{period}", {"closed": True})

    held = world.json("post", str(found["id"]), code=1)["refunds"][0]
    assert held["status"] == "needs_attention"
    assert "NetSuite says" in held["findings"][0]["message"]
    assert not world.ours()

    _patch(world, f"accountingPeriod/{period}", {"closed": False})
    posted = world.json("post", str(found["id"]))["refunds"][0]
    assert posted["status"] == "posted"
    assert len(world.ours()) == 1


def test_closed_period_is_seen_in_the_preview(world: World) -> None:
    """A refund in a closed period is planned for the first day of the next open one, and says why."""
    world.shop.ask("POST", "orders", [_lamp(3001, _full(30011))])
    world.seed(_lamp_sale(3001))
    found = world.refund("#3001")
    period = _period_of(world, found)
    _patch(world, f"accountingPeriod/{period['id']}", {"arLocked": True})

    preview = world.json("preview", str(found["id"]))

    assert preview["records"][0]["fields"]["tranDate"] > period["enddate"]
    assert any("closed" in reason["why"] for reason in preview["trace"])
    assert world.json("post", str(found["id"]))["refunds"][0]["status"] == "posted"


def test_cancel_restore_delete(world: World) -> None:
    """Canceled is not posted; restored is ready; deleted is gone until its order is retrieved by hand."""
    world.shop.ask("POST", "orders", [_lamp(3001, _full(30011))])
    world.seed(_lamp_sale(3001))
    id_ = str(world.refund("#3001")["id"])

    assert world.json("cancel", id_)["refunds"][0]["status"] == "canceled"
    assert _only_problem(world, "post", id_)["code"] == "canceled"
    assert world.json("restore", id_)["refunds"][0]["status"] == "ready"
    assert world.json("delete", id_)["refunds"] == []
    assert world.refund("#3001")["status"] == "ready"


def test_posted_refund_is_not_deleted_or_canceled(world: World) -> None:
    """What stands in NetSuite stays here."""
    world.shop.ask("POST", "orders", [_lamp(3001, _full(30011))])
    world.seed(_lamp_sale(3001))
    id_ = str(world.refund("#3001")["id"])
    world.json("post", id_)

    for verb in ("delete", "cancel"):
        assert world.json(verb, id_, code=1)["refunds"][0]["status"] == "posted"


def test_stale_preview_is_not_posted(world: World) -> None:
    """A post that names the preview it saw is refused when the plan has changed since."""
    world.shop.ask("POST", "orders", [_lamp(3001, _full(30011))])
    world.seed(_lamp_sale(3001))
    id_ = str(world.refund("#3001")["id"])
    seen = world.json("preview", id_)["fingerprint"]
    assert world.contrapost("accounts", "set", "shop", "--set", "cash_account.shopify_payments=1091").code == 0

    problem = _only_problem(world, "post", id_, "--seen", seen)

    assert problem["code"] == "changed_since_seen"
    assert not world.ours()


@pytest.mark.parametrize(
    "call",
    [
        ("post",),
        ("retrieve", "shop"),
        ("retrieve", "shop", "--since", "yesterday"),
        ("show", "many"),
        ("accounts", "add"),
        ("nonsense",),
    ],
)
def test_wrong_calls_exit_with_2(world: World, call: tuple[str, ...]) -> None:
    """A call that cannot be understood says how it is meant, and exits with 2."""
    said = world.contrapost(*call)

    assert said.code == 2
    assert said.err


def test_no_such_refund_or_account_is_said(world: World) -> None:
    """An id or a name that is not here is a sentence, with exit code 1."""
    assert world.contrapost("show", "4711").code == 1
    assert world.contrapost("retrieve", "nowhere", "--order", "1").code == 1
    assert world.contrapost("accounts", "add", "nosuch", "x").code == 1


def _transform(world: World, path: str, body: dict[str, Any]) -> None:
    _call(world, "POST", path, {name: value for name, value in body.items() if name != "createdFrom"})


def _patch(world: World, path: str, body: dict[str, Any]) -> None:
    _call(world, "PATCH", path, body)


def _call(world: World, method: str, path: str, body: dict[str, Any]) -> None:
    """Calls the emulated NetSuite as another client would, with tokens."""
    import urllib3
    from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256, Client

    credentials = world.books.ask("GET", "credentials")
    tba = credentials["tba"]
    client = Client(tba["consumer_key"], client_secret=tba["consumer_secret"], resource_owner_key=tba["token_id"],
                    resource_owner_secret=tba["token_secret"], realm=credentials["account_id"],
                    signature_method=SIGNATURE_HMAC_SHA256)  # fmt: skip
    url = f"{credentials['url']}/services/rest/record/v1/{path}"
    _, headers, _ = client.sign(url, http_method=method)
    answer = urllib3.request(method, url, json=body, headers={**headers, "Content-Type": "application/json"})
    assert answer.status == 204, answer.data


def test_several_refunds_of_one_order(world: World) -> None:
    """Two refunds of one order are two records; together they credit what the two say, and a third is held."""
    first = refund(30011, [(0, 1, "12.50", "1.03")], paid="13.53", restock="NO_RESTOCK")
    second = refund(30012, [(0, 2, "25.00", "2.06")], paid="27.06", restock="NO_RESTOCK")
    third = refund(30013, [(0, 1, "12.50", "1.03")], paid="13.53", restock="NO_RESTOCK")
    world.shop.ask("POST", "orders", [order(3001, [("MUG", 3, "12.50", "3.09")], [first, second, third], paid="40.59")])
    world.seed(bill("cashSale", "#3001", [("MUG", 3, "37.50", "3.09")]))
    stock = world.on_hand("MUG")
    ids = [str(one["id"]) for one in world.json("retrieve", "shop", "--order", "3001")["refunds"]]

    said = world.json("post", *ids, code=1)

    assert sorted(one["status"] for one in said["refunds"]) == ["needs_attention", "posted", "posted"]
    credited = sum((-world.ledger(one["externalid"])["1090"] for one in world.ours()), Decimal(0))
    assert credited in {Decimal("13.53") + Decimal("27.06"), Decimal("27.06")}
    assert world.on_hand("MUG") == stock


def test_order_discount_and_shipping_in_parts(world: World) -> None:
    """A percentage discount of the header comes back with its lines, shipping only as far as it is given."""
    lines = [("TRAY", 2, "40.00", "5.94"), ("LAMP", 1, "100.00", "7.43")]
    first = refund(30011, [(0, 1, "36.00", "2.97")], paid="42.97", shipping=("4.00", "0.00"))
    second = refund(30012, paid="6.00", shipping=("6.00", "0.00"))
    third = refund(30013, paid="1.00", shipping=("1.00", "0.00"))
    world.shop.ask("POST", "orders", [order(3001, lines, [first, second, third], paid="185.37", shipping="10.00")])
    _, body = bill("cashSale", "#3001", [("TRAY", 2, "80.00", "5.94"), ("LAMP", 1, "100.00", "7.43")], shipping="10.00")
    world.seed(("cashSale", body | {"discountItem": to("DISC"), "discountRate": "-10%"}))
    found = world.json("retrieve", "shop", "--order", "3001")["refunds"]
    ids = {one["store_refund_id"]: str(one["id"]) for one in found}

    posted = world.json("post", ids["30011"])["refunds"][0]
    expected = {"4000": Decimal("40.00"), "4020": Decimal("-4.00"), "4010": Decimal("4.00"), "2100": Decimal("2.97"),
                "1090": Decimal("-42.97"), "1200": Decimal("15.00"), "5000": Decimal("-15.00")}  # fmt: skip
    assert world.ledger(posted["netsuite"][0]["external_id"]) == expected

    shipping = world.json("post", ids["30012"])["refunds"][0]
    assert world.ledger(shipping["netsuite"][0]["external_id"]) == {"4010": Decimal(6), "1090": Decimal(-6)}

    held = world.json("post", ids["30013"], code=1)["refunds"][0]
    assert held["findings"][0]["code"] == "more_than_remains"
