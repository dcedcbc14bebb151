"""Many refunds at once: by a file of orders, and by a span of time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from world import World, bill, order, refund


def _sell(world: World, *numbers: int) -> None:
    orders: list[dict[str, Any]] = []
    for number in numbers:
        back = refund(number * 10 + 1, [(0, 1, "100.00", "8.25")], paid="108.25")
        orders.append(order(number, [("LAMP", 1, "100.00", "8.25")], [back], paid="108.25"))
    world.shop.ask("POST", "orders", orders)
    world.seed(*(bill("cashSale", f"#{number}", [("LAMP", 1, "100.00", "8.25")]) for number in numbers))


def test_a_file_of_orders_is_retrieved(world: World, tmp_path: Path) -> None:
    """The first column names the orders; a heading is known as one, and an empty line is none."""
    _sell(world, 7001, 7002, 7003)
    file = tmp_path / "ids.csv"
    file.write_text("Order ID,Note\n#7001,late\n\n7003,broken\n", encoding="utf-8-sig")

    found = world.json("retrieve", "shop", "--file", str(file))["refunds"]

    assert [one["order_name"] for one in found] == ["#7001", "#7003"]
    assert {one["status"] for one in found} == {"ready"}


def test_everything_that_changed_since_is_retrieved_and_posted_once(world: World) -> None:
    """More orders than a page come whole, match with one question a page, and are posted together."""
    numbers = range(7100, 7160)
    _sell(world, *numbers)
    world.books.ask("DELETE", "journal")

    found = world.json("retrieve", "shop", "--since", "2026-01-01")["refunds"]

    assert sorted(one["order_name"] for one in found) == [f"#{number}" for number in numbers]
    pages = [one for one in world.shop.ask("GET", "journal")["requests"] if "graphql" in one["path"]]
    assert len(world.calls()) < len(pages)

    posted = world.json("post", "--account", "shop", "--ready")["refunds"]
    assert {one["status"] for one in posted} == {"posted"}
    assert len({one["externalid"] for one in world.ours()}) == len(numbers)
    assert world.json("retrieve", "shop", "--since", "2026-01-01")["refunds"][0]["status"] == "posted"
    assert len(world.ours()) == len(numbers)
