"""A refund that gives more than its bill holds, and a month's rounding: held until a person decides."""

from __future__ import annotations

from typing import Any

from world import World, bill, order, refund


def _generous() -> dict[str, Any]:
    """A mug bought for 13.53, and 20.00 given back for it."""
    given = refund(20461, paid="20.00", adjustment="-20.00")
    return order(2046, [("MUG", 1, "12.50", "1.03")], [given], paid="13.53")


def test_a_person_may_accept_what_the_bill_does_not_hold(world: World) -> None:
    """It is held by as much as it is too much; accepted with a reason it posts, and the history says who and why."""
    world.shop.ask("POST", "orders", [_generous()])
    world.seed(bill("cashSale", "#2046", [("MUG", 1, "12.50", "1.03")]))
    held = world.refund("#2046", code=1)
    assert [finding["code"] for finding in held["findings"]] == ["more_than_remains"]
    id_ = str(held["id"])

    assert world.contrapost("accept", id_, "--reason", "  ").code == 1
    accepted = world.json("accept", id_, "--reason", "a gift to a good customer")["refunds"][0]
    posted = world.json("post", id_)["refunds"][0]

    assert accepted["status"] == "ready"
    assert posted["status"] == "posted"
    assert {number: f"{net}" for number, net in world.ledger(posted["netsuite"][0]["external_id"]).items()} == {
        "4100": "20",
        "1090": "-20",
    }
    notes = [entry["note"] for entry in world.json("show", id_)["history"] if entry["event"] == "accepted"]
    assert notes == ["6.47 USD above the bill: a gift to a good customer"]


def test_nothing_to_accept_is_refused(world: World) -> None:
    """A refund that is held for another reason, or not at all, has nothing to be accepted."""
    plain = order(2047, [("MUG", 1, "12.50", "1.03")], [refund(20471, [(0, 1, "12.50", "1.03")], paid="13.53")],
                  paid="13.53")  # fmt: skip
    world.shop.ask("POST", "orders", [plain])
    world.seed(bill("cashSale", "#2047", [("MUG", 1, "12.50", "1.03")]))
    id_ = str(world.refund("#2047")["id"])

    said = world.contrapost("accept", id_, "--reason", "why not")

    assert said.code == 1
    assert "nothing to be accepted" in said.out + said.err


def test_rounding_stops_at_the_months_cap(world: World) -> None:
    """Two refunds of a month each need a cent; where the cap is one cent, the second is held."""
    world.contrapost("accounts", "set", "shop", "--set", "rounding_cap=0.01")
    for number in (2048, 2049):
        back = refund(number * 10 + 1, [(0, 1, "12.50", "1.03")], paid="13.52")
        world.shop.ask("POST", "orders", [order(number, [("MUG", 1, "12.50", "1.03")], [back], paid="13.53")])
        world.seed(bill("cashSale", f"#{number}", [("MUG", 1, "12.50", "1.03")]))
    first = world.refund("#2048")
    assert world.json("post", str(first["id"]))["refunds"][0]["status"] == "posted"

    second = world.refund("#2049", code=1)

    assert [finding["code"] for finding in second["findings"]] == ["rounding_cap_reached"]
