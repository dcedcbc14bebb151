"""From test mode to automatic, on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from world import World, bill, order, refund

if TYPE_CHECKING:
    from pathlib import Path


def _sell(world: World, number: int) -> None:
    back = refund(number * 10 + 1, [(0, 1, "100.00", "8.25")], paid="108.25")
    world.shop.ask("POST", "orders", [order(number, [("LAMP", 1, "100.00", "8.25")], [back], paid="108.25")])
    world.seed(bill("cashSale", f"#{number}", [("LAMP", 1, "100.00", "8.25")]))


def test_an_account_goes_live_by_its_check_list(world: World, tmp_path: Path) -> None:
    """After a sample and the sign-off it is turned on and read at once; then a file of orders is filled in."""
    _sell(world, 7201)
    sample = world.refund("#7201")
    world.json("post", str(sample["id"]))
    signed = world.json("golive", "shop", "--sign-off", "--on", "2026-01-01")
    assert (signed["mode"], signed["may_go_live"]) == ("live", True)
    _sell(world, 7202)

    hooked = ("--hooks", "https://refunds.example.com")
    synced = world.json("sync", "shop", "--on", "--set", "poll_minutes=10", "--now", *hooked)

    assert (synced["automatic"], synced["error"], synced["poll_minutes"]) == (True, None, 10)
    assert [decision["what"] for decision in synced["decisions"]] == ["automatic on", "settings", "signed off"]
    assert synced["hooks"]["address"].startswith("https://refunds.example.com/hooks/shop/")
    assert "refunds/create" in synced["hooks"]["topics"]
    file = tmp_path / "ids.csv"
    file.write_text("#7202\n#7299\n")
    filled = world.json("backfill", "shop", "--file", str(file), code=1)
    assert (filled["state"], filled["orders"], filled["refunds"]) == ("finished", 2, 1)
    assert [problem["order_id"] for problem in filled["problems"]] == ["#7299"]
