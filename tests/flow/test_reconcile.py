"""Reconcile by the command line, as a script would."""

from __future__ import annotations

import csv
from pathlib import Path

from world import World, bill, order, refund


def test_a_script_compares_and_keeps_a_file(world: World, tmp_path: Path) -> None:
    """One refund is posted and one was never retrieved: exit 1, JSON and a file that say both, and the last again."""
    for number in (8001, 8002):
        back = refund(number * 10 + 1, [(0, 1, "100.00", "8.25")], paid="108.25")
        world.shop.ask("POST", "orders", [order(number, [("LAMP", 1, "100.00", "8.25")], [back], paid="108.25")])
    world.seed(bill("cashSale", "#8001", [("LAMP", 1, "100.00", "8.25")]))
    world.json("post", str(world.refund("#8001")["id"]))
    file = tmp_path / "compared.csv"

    shape = world.json("reconcile", "shop", "--since", "2020-01-01", "--csv", str(file), code=1)

    assert shape["kinds"] == {"matched": 1, "only_in_store": 1, "only_in_netsuite": 0, "different": 0}
    assert [(line["order_name"], line["difference"]) for line in shape["lines"]] == [("#8002", "-108.25")]
    assert shape["totals"][0]["store"] == "216.50"
    with file.open(newline="") as lines:
        assert [row["kind"] for row in csv.DictReader(lines)] == ["only_in_store", "matched"]
    shown = world.contrapost("reconcile", "shop", "--last", "--all")
    assert shown.code == 1
    assert "Matched" in shown.out
    assert "Only in the store by -108.25 USD" in shown.out
    assert world.contrapost("reconcile", "shop", "--since", "yesterday").code == 2
